// Stands in for Stripe.js where nothing can be charged: as much of https://docs.stripe.com/js as a page with the
// Payment Element uses, and its refusals. What Stripe took away throws here too, so that nobody builds on it.
(() => {
  const home = new URL(document.currentScript.src).origin;
  // https://docs.stripe.com/js/appendix/supported_locales, the column of Elements.
  const LOCALES = [
    "auto", "ar", "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "he",
    "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk",
    "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW",
  ];
  const GONE = ["initCheckout", "initEmbeddedCheckout", "handleCardPayment", "createSource", "redirectToCheckout"];

  class IntegrationError extends Error {
    constructor(words) {
      super(words);
      this.name = "IntegrationError";
    }
  }

  async function ask(path, values) {
    const answer = await fetch(`${home}/js/${path}`, { method: "POST", body: new URLSearchParams(values) });
    return answer.json();
  }

  // The sum must be read, to be shown, before anything can be confirmed.
  function watched(session, seen) {
    const total = session.total.total;
    const shown = {
      get amount() { seen.amount = true; return total.amount; },
      get minorUnitsAmount() { seen.minor = true; return total.minorUnitsAmount; },
    };
    return { ...session, total: { ...session.total, total: shown } };
  }

  function paymentElement(secret, locale, state, changed) {
    const heard = { ready: [], change: [], loaderror: [] };
    const say = (name, event) => heard[name].forEach((listener) => listener(event));
    return {
      on(name, listener) { (heard[name] ??= []).push(listener); return this; },
      mount(where) {
        const place = typeof where === "string" ? document.querySelector(where) : where;
        if (!place) throw new IntegrationError(`The selector you specified (${where}) applies to no DOM elements.`);
        const frame = document.createElement("iframe");
        state.frame = frame;
        frame.src = `${home}/js/frame?${new URLSearchParams({ secret, locale })}`;
        frame.title = "Payment Element";
        frame.style.cssText = "border:0;display:block;width:100%;height:20rem";
        addEventListener("message", (event) => {
          if (event.source !== frame.contentWindow || event.origin !== home || !event.data.practice) return;
          if (event.data.height) frame.style.height = `${event.data.height}px`;
          if (event.data.type === "ready") say("ready", { elementType: "payment" });
          if (event.data.type === "chosen") state.told?.(event.data.card);
          if (event.data.type === "change") {
            say("change", { elementType: "payment", complete: true, empty: false, value: { type: "card" } });
            changed();
          }
        });
        place.replaceChildren(frame);
      },
      unmount() {},
      destroy() {},
    };
  }

  function initCheckoutElementsSdk(key, locale, options) {
    if (!options?.clientSecret) throw new IntegrationError("initCheckoutElementsSdk needs a clientSecret.");
    const state = { frame: null, told: null, session: null, seen: {} };
    const listeners = [];
    const secret = Promise.resolve(options.clientSecret);
    const shown = () => watched(state.session, state.seen);
    const changed = () => listeners.forEach((listener) => listener(shown()));
    let known = "";
    const loaded = secret.then((value) => {
      known = value;
      return ask("session", { key, client_secret: value });
    });

    // The frame itself is asked: what it told of a change may still be on its way.
    function chosen() {
      if (!state.frame) throw new IntegrationError("Mount the Payment Element before you confirm.");
      return new Promise((told) => {
        state.told = told;
        state.frame.contentWindow.postMessage({ practice: true, type: "which" }, home);
      });
    }

    async function confirm({ redirect = "always" } = {}) {
      if (!state.seen.amount && !state.seen.minor) {
        throw new IntegrationError("Read total.total.amount from the session and show it before you confirm.");
      }
      const values = { key, locale, client_secret: known, card: await chosen() };
      const told = await ask("confirm", values);
      if (told.error) return { type: "error", error: told.error };
      if (told.redirect) {
        location.assign(told.redirect);
        return new Promise(() => {});
      }
      state.session = told.session;
      if (redirect === "if_required") return { type: "success", session: shown() };
      location.assign(told.back);
      return new Promise(() => {});
    }

    return {
      on(name, listener) { if (name === "change") listeners.push(listener); },
      createPaymentElement() {
        if (typeof options.clientSecret !== "string") throw new IntegrationError("The stand-in wants the secret itself.");
        return paymentElement(options.clientSecret, locale, state, changed);
      },
      async loadActions() {
        const told = await loaded;
        if (told.error) return { type: "error", error: told.error };
        state.session = told.session;
        return { type: "success", actions: { getSession: shown, confirm } };
      },
    };
  }

  window.Stripe = function Stripe(key, { locale = "auto" } = {}) {
    if (!/^pk_test_\w+$/.test(key ?? "")) throw new IntegrationError("The sandbox takes a publishable test key, pk_test_….");
    if (!LOCALES.includes(locale)) throw new IntegrationError(`Invalid locale: ${locale}.`);
    const gone = (name) => () => { throw new IntegrationError(`stripe.${name} is not there any more.`); };
    return {
      ...Object.fromEntries(GONE.map((name) => [name, gone(name)])),
      initCheckoutElementsSdk: (options) => initCheckoutElementsSdk(key, locale, options),
    };
  };
})();
