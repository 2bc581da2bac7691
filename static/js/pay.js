// The page with Stripe's Payment Element: mounts it, pays once, and says in words what came of it.
// https://docs.stripe.com/payments/quickstart-checkout-sessions
const form = document.getElementById("pay");
const button = document.getElementById("go");
const elsewhere = document.getElementById("elsewhere");
const PATIENCE = 20000;
let isSent = false;

function show(id, words = "") {
  for (const each of ["refused", "unknown"]) document.getElementById(each).hidden = each !== id;
  const box = document.getElementById(id);
  if (!box) return;
  if (words) box.querySelector("span").textContent = words;
  box.focus();
}

function mark(sent) {
  isSent = sent;
  button.toggleAttribute("aria-disabled", sent);
  button.querySelector(".when-ready").hidden = sent;
  button.querySelector(".when-sent").hidden = !sent;
}

// Without Stripe's fields the way to its own page is all there is.
function giveUp() {
  form.hidden = true;
  elsewhere.classList.remove("is-aside");
  document.getElementById("missing").hidden = false;
}

// The colours of the page, so that the fields look as if they were its own.
function appearance() {
  const token = (name) => getComputedStyle(form).getPropertyValue(name).trim();
  return {
    variables: {
      colorPrimary: token("--give"),
      colorBackground: token("--paper"),
      colorText: token("--ink"),
      colorTextSecondary: token("--ink-3"),
      colorDanger: token("--bad"),
      borderRadius: "2px",
      fontSizeBase: "17px",
    },
  };
}

async function begin() {
  const stripe = window.Stripe(form.dataset.key, { locale: form.dataset.locale });
  const checkout = stripe.initCheckoutElementsSdk({
    clientSecret: form.dataset.secret,
    elementsOptions: { appearance: appearance() },
  });
  const element = checkout.createPaymentElement();
  const isThere = new Promise((ready, failed) => {
    element.on("ready", ready);
    element.on("loaderror", failed);
    setTimeout(failed, PATIENCE);
  });
  form.hidden = false;
  elsewhere.classList.add("is-aside");
  element.mount("#fields");
  const loaded = await checkout.loadActions();
  if (loaded.type !== "success") throw new Error(loaded.error.message);
  const session = loaded.actions.getSession();
  // The button says what our row says; a session of another sum is not paid under it.
  if (String(session.total.total.minorUnitsAmount) !== form.dataset.sum || session.currency !== form.dataset.currency) {
    throw new Error("the session is of another sum");
  }
  await isThere;
  return loaded.actions;
}

const begun = window.Stripe ? begin() : Promise.reject(new Error("Stripe’s script did not come"));

// A press before the fields are there waits for them.
async function pay() {
  if (isSent) return;
  mark(true);
  show("");
  const actions = await begun.catch(() => null);
  if (!actions) return;
  try {
    const result = await actions.confirm();
    if (result.type === "error") {
      mark(false);
      show("refused", result.error.message);
    }
  } catch (error) {
    console.warn(error);
    mark(false);
    show("unknown");
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  pay();
});
addEventListener("pageshow", (event) => {
  // Back from the bank: how the gift stands is to be asked anew.
  if (event.persisted) location.reload();
});
begun.catch((error) => {
  console.warn(error);
  giveUp();
});
