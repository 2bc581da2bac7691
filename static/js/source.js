// Remembers, for this tab only, whence its reader first came: a link's utm words, its source, or another site.
// Links and forms that lead to the donation form then say so too; nothing is sent anywhere else, and no cookie is set.
const KEY = "source";
const LONGEST = 200;
const here = new URL(location.href);

function clean(text) {
  // What the form does with it: no control characters, one line, its column's length.
  return [...text.replace(/[\r\n\t]+/g, " ").replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "").trim()].slice(0, LONGEST).join("");
}

function arrived() {
  const words = here.searchParams;
  const named = words.get("source") || ["utm_source", "utm_medium", "utm_campaign", "utm_content"].map((name) => words.get(name)).filter(Boolean).join("/");
  if (named) return clean(named);
  try {
    const from = new URL(document.referrer);
    return /^https?:$/.test(from.protocol) && from.host !== here.host ? clean(from.host) : "";
  } catch {
    return "";
  }
}

function first() {
  const found = arrived();
  try {
    // Written once: a second arrival in the same tab changes nothing.
    if (found && sessionStorage.getItem(KEY) === null) sessionStorage.setItem(KEY, found);
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    // Where the browser keeps nothing, this page's own arrival is all that is known.
    return found;
  }
}

function leadsToForm(address) {
  const to = new URL(address, here);
  return to.origin === here.origin && /^(\/(ar|he))?\/donate$/.test(to.pathname) ? to : null;
}

const source = first();
if (source) {
  for (const link of document.querySelectorAll("a[href]")) {
    const to = leadsToForm(link.href);
    if (to) {
      to.searchParams.set("source", source);
      link.href = to.pathname + to.search + to.hash;
    }
  }
  for (const form of document.querySelectorAll("form[method=get], form:not([method])")) {
    if (!leadsToForm(form.action)) continue;
    const field = form.elements.namedItem("source") ?? document.createElement("input");
    form.append(Object.assign(field, { type: "hidden", name: "source", value: source }));
  }
}
