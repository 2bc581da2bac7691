// Looks again for somebody who waits: the part of the page that tells how far something is, until it is done.
const EVERY = 1500;

async function look() {
  const shown = document.getElementById("progress");
  if (!["waiting", "writing"].includes(shown.dataset.state)) return;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = answer.ok && page.getElementById("progress");
    if (found) shown.replaceWith(document.adoptNode(found));
  } catch {
    // The connection is away for a moment; the link to look again is there.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
