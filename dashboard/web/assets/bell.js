// The bell of every page: the number of what is not read yet, and the list behind it. Words of others never come here, and
// everything is written as text. The script is asked for at every drawing of a page, and begins once.
(() => {
  "use strict";
  if (window.watchBell) return;
  window.watchBell = true;
  const here = () => document.getElementById("watch-bell-here");
  const make = (tag, words, kind) => {
    const element = document.createElement(tag);
    if (words !== undefined) element.textContent = words;
    if (kind) element.className = kind;
    return element;
  };
  const picture = () => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 21h4");
    for (const [name, value] of Object.entries({ fill: "none", stroke: "currentColor", "stroke-width": "1.8",
      "stroke-linejoin": "round", "stroke-linecap": "round" })) path.setAttribute(name, value);
    svg.append(path);
    return svg;
  };

  const sheet = make("link");
  sheet.rel = "stylesheet";
  sheet.href = here().dataset.sheet;
  const bell = make("div"), button = make("button"), number = make("span", "", "number");
  bell.id = "watch-bell";
  button.type = "button";
  number.hidden = true;
  button.append(picture(), number);
  bell.append(button);
  sheet.addEventListener("load", () => document.body.append(bell));
  document.head.append(sheet);
  let list = null, unread = 0;

  function paint() {
    const label = here()?.dataset.label ?? "";
    number.hidden = unread === 0;
    number.textContent = unread > 99 ? "99+" : String(unread);
    button.setAttribute("aria-label", unread ? `${label} (${unread})` : label);
    button.title = label;
    button.setAttribute("aria-expanded", String(list !== null));
  }

  function close() {
    list?.remove();
    list = null;
    paint();
  }

  function row(one, words) {
    const item = make("li", undefined, one.read ? "" : "new");
    const inner = make(one.href ? "a" : "span");
    if (one.href) inner.href = one.href;
    const about = [one.case, one.ago, ...(one.read ? [] : [words.new])].join(" · ");
    inner.append(make("span", one.words, "words"), make("span", about, "about"));
    item.append(inner);
    return item;
  }

  async function draw() {
    const { lang, failed } = here().dataset;
    let said = null;
    try {
      const answer = await fetch(`/notifications/list?lang=${lang}`, { credentials: "same-origin" });
      if (answer.ok) said = await answer.json();
    } catch { /* said below */ }
    if (!list) return;
    if (!said) {
      list.replaceChildren(make("span", failed, "none"));
      return;
    }
    unread = said.unread;
    const head = make("div", undefined, "head");
    head.append(make("b", said.words.title));
    if (unread) {
      const all = make("button", said.words.read_all);
      all.type = "button";
      all.addEventListener("click", async () => {
        await fetch("/notifications/read", { method: "POST", headers: { "X-Watch-Bell": "1" } }).catch(() => null);
        draw();
      });
      head.append(all);
    }
    const rows = make("ul");
    rows.append(...said.rows.map((one) => row(one, said.words)));
    const foot = make("a", said.words.see_all, "foot");
    foot.href = `/notifications?lang=${lang}`;
    list.replaceChildren(head, said.rows.length ? rows : make("span", said.words.none, "none"), foot);
    paint();
  }

  function open() {
    list = make("div", undefined, "list");
    list.setAttribute("role", "region");
    list.setAttribute("aria-label", here().dataset.label);
    bell.append(list);
    paint();
    draw();
  }

  button.addEventListener("click", () => (list ? close() : open()));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && list) {
      close();
      button.focus();
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (list && !bell.contains(event.target)) close();
  });

  let wait = 1000;
  function listen() {
    const line = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/notifications/live`);
    line.addEventListener("message", (event) => {
      wait = 1000;
      const said = JSON.parse(event.data);
      if (said.unread === unread) return;
      unread = said.unread;
      paint();
      if (list) draw();
    });
    line.addEventListener("close", (event) => {
      if (event.code === 4401 || event.code === 4403) {
        bell.remove();
        return;
      }
      setTimeout(listen, wait + Math.random() * 1000);
      wait = Math.min(30000, wait * 2);
    });
  }
  paint();
  listen();
})();
