"""A creator's own footage becomes a look: what a page needs to show and follow it, and to keep what came of it."""

from vgan.own_looks.footage import Found, Plan, Scene, clips_in, plan
from vgan.own_looks.jobs import Job, folder_of, forget, pause, progress, resume, start, trainings
from vgan.own_looks.options import Options, Trim, checked, checked_name
from vgan.own_looks.shelf import OwnLook, own_look, own_looks, push, remove
from vgan.training.own.progress import PHASES, Progress

__all__ = [
    "PHASES",
    "Found",
    "Job",
    "Options",
    "OwnLook",
    "Plan",
    "Progress",
    "Scene",
    "Trim",
    "checked",
    "checked_name",
    "clips_in",
    "folder_of",
    "forget",
    "own_look",
    "own_looks",
    "pause",
    "plan",
    "progress",
    "push",
    "remove",
    "resume",
    "start",
    "trainings",
]
