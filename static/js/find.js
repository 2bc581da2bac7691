// Shows what is found while one types, by the same search that works by its button. An answer that comes late is dropped.
const form = document.querySelector(".find[data-found]");
const field = form?.querySelector("input[type=search]");
const found = document.getElementById("found");
let waiting;
let asked = 0;

async function look() {
  const mine = ++asked;
  const typed = field.value.trim();
  if (typed && typed.length < 3) return;
  const address = new URL(form.dataset.found, location.href);
  address.searchParams.set("q", typed);
  let text;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, redirect: "error" });
    if (!answer.ok) return;
    text = await answer.text();
  } catch {
    return;
  }
  if (mine !== asked) return;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  // The status line stays the same element: only so does a screen reader say that it changed.
  const said = found.querySelector("[role=status]");
  const says = fresh.querySelector("[role=status]");
  said.className = says.className;
  said.textContent = says.textContent;
  for (const old of [...found.children]) if (old !== said) old.remove();
  for (const each of [...fresh.body.children]) if (each !== says) found.append(document.adoptNode(each));
  const here = new URL(location.href);
  here.search = typed ? new URLSearchParams({ q: typed }).toString() : "";
  history.replaceState(null, "", here);
}

if (form && field && found) {
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 200);
  });
}
