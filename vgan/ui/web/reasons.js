// What broke frames, by colour; and where frames lie in time.
const COLOURS = { black: "#71717a", frozen: "#3b82f6", dropped: "#8b5cf6", blocks: "#f97316", noise: "#ca8a04", scratch: "#ec4899", asked: "var(--vg-accent)" };
const second = (value, frame) => value.start + frame / value.fps;
const clock = (seconds) => `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(2).padStart(5, "0")}`;
const willMend = (value) => {
  const left = new Set(value.leave), found = (value.runs || []).flatMap((run) => Array.from({ length: run.last - run.first + 1 }, (_, at) => run.first + at));
  return new Set([...found.filter((frame) => !left.has(frame)), ...(value.mend || [])]);
};
