// A clip that is shown may have been deleted since: for its age, or by whoever runs the app.
const missing = async (url) => {
  try { return [403, 404, 410].includes((await fetch(url, { method: "HEAD" })).status); } catch { return false; } // offline says nothing
};
