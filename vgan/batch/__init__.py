"""A clip for every row of a table: many workers, safe to stop at any moment and to start again."""

from vgan.batch.check import Checked, check_batch
from vgan.batch.dispatch import BatchFailed, Patience
from vgan.batch.order import Order
from vgan.batch.report import Summary
from vgan.batch.rows import Rows
from vgan.batch.run import Plan, Selection, run_batch

__all__ = [
    "BatchFailed",
    "Checked",
    "Order",
    "Patience",
    "Plan",
    "Rows",
    "Selection",
    "Summary",
    "check_batch",
    "run_batch",
]
