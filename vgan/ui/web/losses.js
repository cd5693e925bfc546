// Losses as two lines, smoothed and drawn to the scale of what is usual, so that one spike does not flatten the rest.
const SMOOTH = 0.25, TAILS = 0.03, WIDE = 1000, HIGH = 100;
const smoothed = (values) => {
  let mean = values[0] ?? 0;
  return values.map((value) => { mean += SMOOTH * (value - mean); return mean; });
};
// rows: [minute, maker, judge], oldest first. Returns what goes into the `d` of two paths.
const lossLines = (rows) => {
  if (rows.length < 2) return ["", ""];
  const [first, last] = [rows[0][0], rows[rows.length - 1][0]];
  const columns = [1, 2].map((at) => smoothed(rows.map((row) => row[at])));
  return columns.map((values) => {
    const sorted = [...values].sort((one, other) => one - other), tail = Math.floor(sorted.length * TAILS);
    const low = sorted[tail], high = sorted[sorted.length - 1 - tail], span = high - low || 1;
    return "M" + values.map((value, index) => {
      const x = (WIDE * (rows[index][0] - first)) / (last - first || 1), y = HIGH * (1 - Math.max(-0.05, Math.min(1.05, (value - low) / span)));
      return `${x.toFixed(1)} ${(4 + 0.92 * y).toFixed(1)}`;
    }).join("L");
  });
};
