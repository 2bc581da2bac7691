// <donate-ask>: the newsroom's ask beside an article on any site. See docs/embed.md.
// It stays empty where nothing is asked or no answer comes.
(() => {
  if (customElements.get("donate-ask") || !document.adoptedStyleSheets) return;
  const HOME = document.currentScript.src;
  const LETTER = ["p", "strong", "em", "mark", "a"];
  const SIGNS = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0" };
  const answers = {};

  // Made here, not written into the page: a policy without 'unsafe-inline' lets it be.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
:host { --give: #5b1d4d; --on: #fff; --mark: #fdf0cf }
:host([dark]) { --give: #ddb4cf; --on: #2a0d23; --mark: #4a370c }
:host(:not([hidden])) { display: block; margin-block: 2em }
.ask { position: relative; padding: 1.1em 1.2em .4em; line-height: 1.55; overflow-wrap: break-word }
.ask::before, .ask::after { content: ""; position: absolute; inset-block: 0; inline-size: .75em;
  border: 2px solid var(--give) }
.ask::before { inset-inline-start: 0; border-inline-end: 0 }
.ask::after { inset-inline-end: 0; border-inline-start: 0 }
.end::before, .end::after { border-width: 3px }
.ask, .letter { display: grid; gap: 1em }
p, h2, fieldset, legend { margin: 0; padding: 0; border: 0 }
.from, legend { font-weight: 700 }
.from, .small { font-size: .875em }
.from + * { margin-block-start: -.5em }
h2 { font-size: 1.45em; line-height: 1.25 }
mark { background: var(--mark); color: inherit }
a { color: inherit }
.figures { display: flex; flex-wrap: wrap; gap: 0 1em }
svg { box-sizing: border-box; inline-size: 100%; block-size: .8em; border-inline: 2px solid; fill: #f0b323; background: #8888 }
[fill] { fill: currentColor }
[dir=rtl] svg { transform: scaleX(-1) }
.choices { display: grid; gap: .5em; margin-block-start: .4em;
  grid-template-columns: repeat(auto-fill, minmax(max(6.4em, 30%), 1fr)) }
label, .button { display: flex; align-items: center; gap: .4em; min-block-size: 30px; padding: 8px .5em;
  border-radius: 2px }
label { border: 1px solid }
label:has(:checked) { border-color: var(--give); box-shadow: inset 0 0 0 1px var(--give) }
input { inline-size: 1.1em; block-size: 1.1em; accent-color: var(--give) }
.button { justify-self: start; padding-inline: 1.25em; font-weight: 700; background: var(--give); color: var(--on);
  text-decoration: none }
summary, .more { display: block; inline-size: fit-content; padding-block: .75em; text-decoration: underline }
:focus-visible { outline: 2px solid; outline-offset: 3px }`);

  const make = (name, marks, ...inside) => {
    const space = name === "svg" || name === "rect" ? "2000/svg" : "1999/xhtml";
    const node = document.createElementNS(`http://www.w3.org/${space}`, name);
    for (const mark in marks) node.setAttribute(mark, marks[mark]);
    node.append(...inside);
    return node;
  };

  // Makes what is on the list; of the rest only the words are left.
  const letter = (html) => {
    const open = [make("div", { class: "letter" })];
    const plain = (raw) => raw.replace(/&(\w+);/g, (all, sign) => SIGNS[sign] ?? all);
    for (const [text, close, tag, marks] of html.matchAll(/<(\/?)(\w+)((?:"[^"]*"|[^">])*)>|[^<]+|</g)) {
      if (!tag) open[0].append(plain(text));
      else if (tag === "br") open[0].append(make("br"));
      else if (LETTER.includes(tag) && close && open[1]) open.shift();
      else if (LETTER.includes(tag) && !close) {
        const href = plain(/ href="(https:[^"]*)/.exec(marks)?.[1] ?? "");
        open.unshift(make(tag, href && tag === "a" ? { href } : {}));
        open[1].append(open[0]);
      }
    }
    return open.at(-1);
  };

  // One request for all that ask the same; its own timer ends it.
  const find = (url, lang, patience) => {
    const address = new URL(`/api/ask?${new URLSearchParams({ url, lang })}`, HOME);
    return answers[address] ??= fetch(address, { credentials: "omit", signal: AbortSignal.timeout(patience) })
      .then((answer) => answer.json()).then(({ ask }) => ask).catch(() => null);
  };

  const choices = (title, name, offered) => {
    const labels = offered.map(({ value, label, is_default }) => {
      const input = make("input", { type: "radio", name, value });
      input.checked = is_default;
      return make("label", {}, input, make("bdi", {}, label));
    });
    return make("fieldset", {}, make("legend", {}, title), make("div", { class: "choices" }, ...labels));
  };

  const goal = ({ sentence, people_sentence, label, percent, rule }) => {
    const full = make("rect", { width: `${percent}%`, height: "100%" });
    const now = make("rect", { x: `${percent}%`, width: 2, height: "100%", fill: "" });
    return make("div", {},
      make("p", { class: "figures" }, make("strong", {}, sentence), make("span", {}, people_sentence)),
      make("svg", { role: "img", "aria-label": label }, full, now),
      make("p", { class: "small" }, rule));
  };

  class DonateAsk extends HTMLElement {
    async connectedCallback() {
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      this.hidden = true;
      const url = this.getAttribute("url") || document.querySelector("link[rel~=canonical]")?.href || location.href;
      const lang = this.closest("[lang]")?.lang ?? "";
      const ask = await find(url, lang, +this.getAttribute("timeout") || 100);
      const place = this.getAttribute("placement") || ask?.places[0];
      if (!this.isConnected || !ask?.places.includes(place)) return;
      root.replaceChildren(this.draw(ask, place));
      this.hidden = false;
      // Light letters mean a dark page.
      const [red, green, blue] = getComputedStyle(this).color.match(/[\d.]+/g);
      this.toggleAttribute("dark", red * 2 + green * 7 + blue * 1 > 1400);
      this.tell("shown", ask, place);
    }

    draw(ask, place) {
      const { kicker, signed_name, signed_role, language, direction, why } = ask;
      const name = place === "inline" ? kicker : ask.headline;
      const marks = { class: `ask ${place}`, lang: language, dir: direction, "aria-label": name };
      const section = make("section", marks, make("p", { class: "from" }, kicker));
      if (place === "inline") section.append(make("p", {}, ask.inline));
      else {
        section.append(make("h2", {}, ask.headline), letter(ask.body_html));
        const signed = make("p", { class: "small" }, make("strong", {}, signed_name), make("br"), signed_role);
        if (signed_name) section.append(signed);
        if (ask.goal) section.append(goal(ask.goal));
      }
      section.append(...this.doors(ask, place), make("details", { class: "small" }, make("summary", {}, why.title),
        make("p", {}, why.sentence), make("a", { class: "more", href: why.link }, why.link_label)));
      return section;
    }

    // What is chosen goes into a plain link to the newsroom's own form.
    doors(ask, place) {
      const { labels, frequencies, amounts } = ask;
      const offered = this.hasAttribute("amounts") && amounts[frequencies.find((each) => each.is_default).value];
      const form = new URL(ask.form);
      const link = make("a", { class: "button" }, offered ? labels.continue : ask.button);
      const other = { value: "other", label: labels.other };
      const pickers = offered ? [
        choices(labels.frequency, "frequency", frequencies),
        choices(labels.amount, "amount", [...offered, other]),
      ] : [];
      const write = () => {
        form.searchParams.set("placement", place);
        for (const picker of pickers) {
          const { name, value } = picker.querySelector(":checked");
          form.searchParams.set(name, value);
          picker.onchange = write;
        }
        link.href = form;
      };
      write();
      link.onclick = () => this.tell("pressed", ask, place);
      return [...pickers, link];
    }

    // For the site alone: nothing is sent.
    tell(what, { appeal, variant, article }, placement) {
      const detail = { what, appeal, variant, article, placement };
      this.dispatchEvent(new CustomEvent("donate-ask", { bubbles: true, detail }));
    }
  }

  customElements.define("donate-ask", DonateAsk);
})();
