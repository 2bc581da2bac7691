// Tells the newsroom that an ask was in view, and takes one away in place when its reader sends it away.
const SEEN_MILLISECONDS = 1000;
const prefix = /^\/(ar|he)(?=\/|$)/.exec(location.pathname)?.[0] ?? "";
let before = Promise.resolve();
let isFirst = true;

// One after another: each answer may bring the cookie that the next one adds to.
function tell(words) {
  const body = new URLSearchParams(Object.entries({ ...words, ...arrival() }).filter(([, value]) => value));
  before = before.then(() => fetch(`${prefix}/seen`, { method: "POST", body, keepalive: true }).catch(() => {}));
}

function arrival() {
  const query = new URLSearchParams(location.search);
  const from = document.referrer && new URL(document.referrer).hostname;
  return {
    source: (query.get("utm_source") ?? query.get("source") ?? "").slice(0, 40),
    referrer: from === location.hostname ? "" : from,
  };
}

// In view is half of it, or of the window where it is taller than that, for a second.
function watch(asks) {
  const waiting = new Map();
  const steps = Array.from({ length: 21 }, (_, at) => at / 20);
  const observer = new IntersectionObserver((seen) => {
    for (const { target, intersectionRect, boundingClientRect, rootBounds } of seen) {
      const enough = Math.min(boundingClientRect.height, rootBounds?.height ?? innerHeight) / 2;
      const isInView = intersectionRect.height > 0 && intersectionRect.height >= enough;
      if (isInView && !waiting.has(target)) {
        waiting.set(target, setTimeout(() => { observer.unobserve(target); view(target); }, SEEN_MILLISECONDS));
      } else if (!isInView && waiting.has(target)) {
        clearTimeout(waiting.get(target));
        waiting.delete(target);
      }
    }
  }, { threshold: steps });
  for (const ask of asks) observer.observe(ask);
}

// Within a page two asks of one appeal are one to their reader; the lines above and below it are none.
function view({ dataset }) {
  const isWithin = ["inline", "end"].includes(dataset.placement);
  tell({ appeal: dataset.ask, placement: dataset.placement, article: dataset.article, variant: dataset.variant, first: isWithin && isFirst ? "1" : "" });
  isFirst &&= !isWithin;
}

function begin() {
  const asks = document.querySelectorAll("[data-ask]");
  const article = document.querySelector("article.story") && /\/articles\/([^/]+)$/.exec(location.pathname)?.[1];
  if (article) tell({ opened: "1", article });
  watch(asks);
  const held = document.querySelector("[data-held]")?.dataset;
  if (held) tell({ appeal: held.held, placement: "end", article: held.article, variant: "held" });
}

function whenShown(act) {
  if (document.visibilityState === "visible" && !document.prerendering) act();
  else document.addEventListener("visibilitychange", () => whenShown(act), { once: true });
}

async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  body.set("by", "script");
  const answer = await fetch(form.action, { method: "POST", body });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.text();
}

document.addEventListener("submit", async (event) => {
  const { target: form, submitter: button } = event;
  const ask = form.closest("[data-ask]");
  if (!ask || button?.name !== "rest" || button.value === "gave") return;
  event.preventDefault();
  try {
    const words = new DOMParser().parseFromString(await send(form, button), "text/html").body.firstElementChild;
    for (const other of document.querySelectorAll("[data-ask]")) if (other !== ask) other.remove();
    ask.replaceWith(words);
    words.focus();
  } catch {
    // As without this script: the page comes back and says what came of it.
    const pressed = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
    form.append(pressed);
    form.submit();
  }
});

whenShown(begin);
