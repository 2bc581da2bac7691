// Draws the preview again while an appeal is written, by the same press that works without it. Nothing is saved.
const form = document.getElementById("writing");
const button = document.getElementById("try");
let waiting;
let asked = 0;

async function draw() {
  const mine = ++asked;
  const body = new FormData(form);
  body.set(button.name, button.value);
  let text;
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    if (!answer.ok) return;
    text = await answer.text();
  } catch {
    return;
  }
  // Only the newest answer counts: an older one may come later.
  if (mine !== asked) return;
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("preview");
  const now = document.getElementById("preview");
  if (!fresh || !now) return;
  if (now.querySelector("#w-full:checked")) fresh.querySelector("#w-full")?.setAttribute("checked", "");
  now.replaceWith(document.adoptNode(fresh));
}

if (form && button) {
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(draw, 700);
  });
}
