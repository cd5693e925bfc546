// Which part of a clip is used: from when to when, and which window of the picture. Both answer at once, in the browser.
const LEAST = 0.1, FAR = 0.02;         // of the picture that stays at least; by what an arrow key moves
const ALL = [0, 0, 1, 1];
const within = (value, low, high) => Math.max(low, Math.min(high, value));
const whole = ([x, y, w, h]) => x <= 0 && y <= 0 && w >= 1 && h >= 1;

// box: [x, y, width, height] in shares of the picture. edge: the corner that is pulled; "" moves the whole of it.
const pulled = ([x, y, w, h], edge, dx, dy) => {
  if (!edge) return [within(x + dx, 0, 1 - w), within(y + dy, 0, 1 - h), w, h];
  let [left, top, right, bottom] = [x, y, x + w, y + h];
  if (edge.includes("w")) left = within(left + dx, 0, right - LEAST); else right = within(right + dx, left + LEAST, 1);
  if (edge.includes("n")) top = within(top + dy, 0, bottom - LEAST); else bottom = within(bottom + dy, top + LEAST, 1);
  return [left, top, right - left, bottom - top];
};

// `read` gives the box, `write` takes the next one.
const croppable = (frame, picture, read, write) => {
  let held = null;
  frame.addEventListener("pointerdown", (event) => {
    held = { edge: event.target.dataset.edge || "", x: event.clientX, y: event.clientY, box: read() };
    frame.setPointerCapture(event.pointerId);
    event.preventDefault();
    frame.focus({ preventScroll: true });
  });
  frame.addEventListener("pointermove", (event) => {
    if (!held) return;
    const size = picture.getBoundingClientRect();
    write(pulled(held.box, held.edge, (event.clientX - held.x) / size.width, (event.clientY - held.y) / size.height));
  });
  for (const name of ["pointerup", "pointercancel"]) frame.addEventListener(name, () => { held = null; });
  frame.addEventListener("keydown", (event) => {
    const [dx, dy] = { ArrowLeft: [-FAR, 0], ArrowRight: [FAR, 0], ArrowUp: [0, -FAR], ArrowDown: [0, FAR] }[event.key] || [0, 0];
    if (!dx && !dy) return;
    event.preventDefault();
    write(pulled(read(), event.shiftKey ? "se" : "", dx, dy));
  });
};
