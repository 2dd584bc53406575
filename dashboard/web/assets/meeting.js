/* The meeting on a screen: one sheet at a time, all of them here from the beginning, so that a key shows the next at once.
   Everything that people wrote is set as text and never read as markup. */
(function () {
  "use strict";
  var NTS = (window.NTS = window.NTS || {});
  var EVERY = 3000, LONGEST = 30000;
  var body = document.body, number = body.dataset.meeting, lang = body.dataset.lang, form = body.dataset.form;
  var room = document.getElementById("room"), wait = document.getElementById("wait");
  var make = NTS.make;
  var told, screens = [], at = 0, night = theme(), failures = 0, seen = "", took = 0;

  function theme() {
    var kept = null;
    try { kept = localStorage.getItem("watch-meeting-night"); } catch (error) { kept = null; }
    if (kept !== null) return kept === "1";
    if (body.dataset.night !== undefined) return body.dataset.night === "1";
    return matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function address(rest) { return "/meetings/" + number + rest; }
  function word(key) { return told.words[key]; }

  function ask(path, options) {
    return fetch(path, Object.assign({ credentials: "same-origin", cache: "no-store" }, options)).then(function (answer) {
      if (answer.status === 204) return null;
      return answer.json().catch(function () { return {}; }).then(function (said) {
        if (answer.ok) return said;
        var error = new Error(said.said || "");
        error.said = said.said;
        error.status = answer.status;
        throw error;
      });
    });
  }

  function send(path, fields) {
    return ask(address(path) + "?lang=" + lang, {
      method: "POST", body: new URLSearchParams(Object.assign({ form: form }, fields)),
    });
  }

  /* ------------------------------------------------------------- opening */
  function open(failed) {
    Promise.all(["/sheets", "/opening"].map(function (rest) { return ask(address(rest) + "?lang=" + lang); })).then(function (said) {
      told = Object.assign({}, said[1], said[0]);
      told.first = Object.assign({}, said[0].first, said[1].follow);
      failures = 0;
      now(told);
      wait.remove();
      room.hidden = false; // before anything is measured
      build();
      show((parseInt(location.hash.slice(1), 10) || 1) - 1);
      near();
      listen();
      if (told.may_start) send("/state", { state: "running" }).then(taken, function () {}); // it runs once it is on a screen
    }).catch(function (error) {
      if (error.status && error.status < 500) { wait.textContent = error.said || String(error.status); return; }
      if (!error.status && error.name !== "TypeError") throw error;
      if (error.said) wait.textContent = error.said;
      setTimeout(function () { open(failed + 1); }, Math.min(LONGEST, 1500 * Math.pow(1.6, failed)));
    });
  }

  function build() {
    body.classList.toggle("night", night);
    dress();
    room.textContent = "";
    screens = [];
    add("first", null);
    told.sheets.forEach(function (sheet) { add("district", sheet); });
    add("last", null);
    NTS.footer = foot();
    NTS.decide = new NTS.Decide(body, told, { send: send, taken: taken, sheet: function () { return screens[at].sheet; }, map: function () { return screens[at].map; } });
    refresh();
  }

  function dress() {
    var p = told.palette[night ? "night" : "day"];
    Object.keys(p).forEach(function (role) { body.style.setProperty("--" + role.replace(/_/g, "-"), NTS.colour ? NTS.colour(p[role]) : p[role]); });
    document.documentElement.style.colorScheme = night ? "dark" : "light";
  }

  function add(kind, sheet) {
    var screen = { kind: kind, sheet: sheet, box: make("section", "screen " + kind, room), map: null, n: screens.length };
    screen.box.setAttribute("aria-label", sheet ? sheet.name : word(kind === "first" ? "overview" : "decided"));
    screens.push(screen);
    head(screen);
    if (kind === "first") first(screen);
    else if (kind === "last") last(screen);
    else district(screen);
  }

  /* ------------------------------------------------------------- what stands on every screen */
  function head(screen) {
    var bar = make("header", "head", screen.box), left = make("div", "head-name", bar), right = make("div", "head-side", bar);
    var title = screen.kind === "first" ? told.meeting.title : screen.kind === "last" ? word("decided") : screen.sheet.name;
    make("h1", String(title).length > 30 ? "long" : "", left, title);
    make("p", "", left, screen.kind === "district" ? screen.sheet.where : told.meeting.what);
    make("b", "turn", right, (screen.n + 1) + "/" + (told.sheets.length + 2));
    var when = make("p", "", right);
    make("span", "as-of", when, told.meeting.as_of);
    screen.since = make("span", "since", when, "");
    if (told.meeting.demo) make("span", "demo", right, told.meeting.demo);
  }

  function figures(parent, list) {
    var row = make("div", "figures", parent);
    list.forEach(function (one) {
      var box = make("div", "figure", row);
      box.title = one.help;
      make("span", "figure-label", box, one.label);
      make("b", "figure-value " + (one.way || ""), box, one.value);
      make("span", "figure-under" + (String(one.under).length > 75 ? " long" : ""), box, one.under);
    });
  }

  function part(parent, title, name) {
    var box = make("section", "part part-" + (name || ""), parent);
    make("h2", "", box, title);
    return box;
  }

  function lines(parent, list) {
    var ul = make("ul", "lines", parent);
    list.forEach(function (one) { make("li", one.way || "", ul, one.text); });
  }

  function district(screen) {
    var sheet = screen.sheet;
    figures(screen.box, sheet.figures);
    var split = make("div", "split", screen.box);
    screen.left = make("div", "map-side", split);
    screen.frame = make("div", "map-frame", screen.left);
    screen.legend = make("div", "", screen.left);
    make("p", "method", screen.left, sheet.method);
    var side = (screen.side = make("div", "side", split));
    if (sheet.empty) {
      var quiet = part(side, word("empty"), "quiet");
      lines(quiet, sheet.empty);
    }
    if (sheet.changed.length) lines(part(side, word("changed"), "changed"), sheet.changed);
    if (sheet.places.length) {
      var places = make("ol", "places", part(side, word("places"), "top"));
      sheet.places.forEach(function (one) {
        var li = make("li", "", places);
        make("span", "disc place", li, one.n);
        var text = make("span", "place-name", li, one.name);
        make("small", "", text, one.sub);
        make("b", "place-count", li, one.count);
      });
    }
    screen.open = part(side, word("open"), "open");
    screen.list = make("ul", "decisions", screen.open);
  }

  function first(screen) {
    var whole = told.first.figures.length > 0; // who sees a part of the districts sees no sums over all of them
    if (whole) figures(screen.box, told.first.figures);
    var split = make("div", "split" + (whole ? "" : " one"), screen.box);
    if (whole) {
      screen.left = make("div", "map-side", split);
      screen.frame = make("div", "map-frame", screen.left);
      screen.legend = make("div", "", screen.left);
      make("p", "method", screen.left, told.first.method);
    }
    screen.sheet = { bounds: told.first.bounds, lines: told.first.lines, layers: told.first.layers, places: [], jumps: told.first.jumps };
    var side = (screen.side = make("div", "side", split)), undone = part(side, word("last_time"), "undone");
    if (!told.first.undone.length) make("p", "", undone, told.first.none);
    told.first.undone.forEach(function (one) { undone.appendChild(followed(one)); });
    if (told.first.note) make("p", "small", undone, told.first.note);
    if (told.first.changed.length) lines(part(side, word("changed"), "changed"), told.first.changed.map(function (text) { return { text: text }; }));
    if (!whole) make("p", "small", side, word("part"));
    if (told.first.most.length > 2) {
      var most = make("ol", "most", part(side, word("most"), "all"));
      told.first.most.forEach(function (one) {
        var go = make("button", "", make("li", "", most));
        go.type = "button";
        make("span", "most-turn", go, one.screen + 1);
        make("span", "place-name", go, one.name);
        make("b", "", go, one.value);
        make("span", "most-change", go, one.change);
        go.addEventListener("click", function () { show(one.screen); });
      });
    }
  }

  /* A decision of last time with what has happened there since, beside the district that it is compared with. */
  function followed(one) {
    var box = make("article", "followed"), meta = make("p", "meta");
    make("p", "said", box, one.words);
    box.appendChild(meta);
    make("span", "", meta, one.where);
    make("span", "", meta, one.owner);
    make("span", one.late ? "late" : "", meta, one.due);
    if (one.rows.length) {
      var table = make("table", "since-then", box), line = make("tr", "", make("thead", "", table));
      one.heads.forEach(function (text) { make("th", "", line, text).scope = "col"; });
      var rows = make("tbody", "", table);
      one.rows.forEach(function (cells) {
        var row = make("tr", "", rows);
        cells.forEach(function (text, i) {
          var cell = make(i ? "td" : "th", "", row, text);
          if (!i) cell.scope = "row";
        });
      });
    }
    if (one.line) make("p", "since-line", box, one.line);
    if (one.verdict) make("p", "verdict", box, one.verdict);
    return box;
  }

  function last(screen) {
    var box = make("div", "last-list", screen.box);
    screen.list = make("ul", "decisions all", box);
    var ways = make("div", "ways", screen.box);
    told.papers.forEach(function (one) {
      var link = make("a", "take", ways, one.label);
      link.href = one.href;
    });
    if (told.meeting.may_hold) {
      screen.hold = make("button", "main", ways, word("hold"));
      screen.hold.type = "button";
      screen.hold.addEventListener("click", function () { NTS.decide.confirm(word("hold_sure"), word("hold"), function () { return send("/state", { state: "held" }).then(taken); }); });
    }
  }

  /* ------------------------------------------------------------- decisions, as they are now */
  function decision(one, withPlace) {
    var li = make("li", "decision " + one.state), text = make("div", "decision-text", li);
    make("p", "said", text, one.words);
    var meta = make("p", "meta", text);
    if (withPlace && one.where) make("span", "", meta, one.where);
    [one.owner, one.place].forEach(function (said) { if (said) make("span", "", meta, said); });
    make("span", one.late ? "late" : "", meta, one.state === "open" ? one.due : one.ended);
    if (one.state === "open" && one.may) {
      var more = make("div", "decision-ways", li);
      [["done", word("mark_done")], ["dropped", word("mark_dropped")]].forEach(function (way) {
        var button = make("button", "", more, way[1]);
        button.type = "button";
        button.addEventListener("click", function () { NTS.decide.end(one, way[0]); });
      });
    }
    return li;
  }

  function refresh() {
    screens.forEach(function (screen) {
      screen.since.textContent = told.news;
      if (!screen.list) return;
      screen.list.textContent = "";
      var mine = told.decisions.filter(function (one) {
        return screen.kind === "last" ? one.here : one.code === screen.sheet.code && (one.state === "open" || one.here);
      });
      mine.forEach(function (one) { screen.list.appendChild(decision(one, screen.kind === "last")); });
      if (!mine.length) make("li", "none", screen.list, word(screen.kind === "last" ? "none_decided" : "none_open"));
      if (screen.hold) screen.hold.hidden = !told.meeting.may_hold;
    });
    body.classList.toggle("held", !told.meeting.may_decide);
    if (NTS.footer) NTS.footer.decide.hidden = !told.meeting.may_decide;
    body.dataset.seen = seen;
    if (screens[at]) fit(screens[at]);
  }

  /* What the server says now of decisions, of new reports and of the meeting; what is frozen is never touched. */
  function taken(said) {
    if (!said) return;
    now(said);
    refresh();
  }

  function now(said) {
    told.decisions = said.decisions;
    told.news = said.news;
    told.meeting.may_decide = said.may_decide;
    told.meeting.may_hold = said.may_hold;
    seen = said.seen;
  }

  function listen() {
    ask(address("/news") + "?lang=" + lang + "&seen=" + encodeURIComponent(seen)).then(function (said) {
      if (failures) NTS.footer.say("");
      failures = 0;
      taken(said);
      setTimeout(listen, EVERY);
    }).catch(function (error) {
      if (error.status === 401 || error.status === 403 || error.status === 404) { NTS.footer.say(error.said || word("signed_out")); return; }
      failures += 1;
      NTS.footer.say(failures > 1 ? word("away") : "");
      setTimeout(listen, Math.min(LONGEST, EVERY * Math.pow(1.5, failures)));
    });
  }

  /* ------------------------------------------------------------- going through them */
  function foot() {
    var bar = make("footer", "foot", body), ways = make("div", "foot-ways", bar), said = make("p", "foot-said", bar);
    function button(name, text, title, then) {
      var made = make("button", name, ways, text);
      made.type = "button";
      if (title) { made.title = title; made.setAttribute("aria-label", title); }
      made.addEventListener("click", then);
      return made;
    }
    button("step", "◀", word("previous"), function () { show(at - 1); });
    button("step", "▶", word("next"), function () { show(at + 1); });
    var decide = button("main decide-button", word("decide"), "", function () { NTS.decide.open(); });
    make("kbd", "", decide, "D");
    button("", word("explain"), "", explain);
    button("", night ? word("light") : word("night"), "", turn);
    if (document.fullscreenEnabled) button("full", word("full"), "", full);
    button("", word("leave"), "", leave);
    make("p", "keys", bar, word("keys"));
    return { decide: decide, say: function (text) { said.textContent = text || ""; } };
  }

  function show(n) {
    var began = performance.now();
    delete body.dataset.took;
    at = Math.max(0, Math.min(screens.length - 1, n));
    var screen = screens[at];
    if (NTS.decide) NTS.decide.close();
    screens.forEach(function (one, i) {
      one.box.classList.toggle("now", i === at);
      one.box.classList.toggle("near", i !== at && !!one.map);
      one.box.inert = i !== at;
    });
    map(screen);
    fit(screen);
    scrollTo(0, 0);
    history.replaceState(null, "", "#" + (at + 1));
    body.dataset.at = String(at + 1);
    requestAnimationFrame(function () {
      requestAnimationFrame(function () {
        took = performance.now() - began;
        body.dataset.took = String(Math.round(took));
        setTimeout(near, 30);
      });
    });
  }

  /* All of it has to be seen from the back of the room without scrolling: what matters least gives way first. */
  function fit(screen) {
    var side = screen.side, steps = ["fit-1", "fit-2", "fit-3", "fit-4", "fit-5", "fit-6"], i, hidden;
    if (!side) return;
    var cards = Array.from(side.querySelectorAll(".followed, .decision")), more = screen.more || (screen.more = make("p", "more", null));
    function over() { return innerWidth >= 900 && side.scrollHeight > side.clientHeight + 2; }
    side.classList.remove.apply(side.classList, steps);
    more.remove();
    cards.forEach(function (card) { card.hidden = false; });
    for (i = 0; i < steps.length && over(); i++) side.classList.add(steps[i]);
    for (hidden = 1; hidden < cards.length && over(); hidden++) {
      cards[cards.length - hidden].hidden = true;
      more.textContent = word("more").replace("{n}", hidden);
      cards[0].parentNode.appendChild(more);
    }
    var listed = Array.from(side.querySelectorAll(".places li")).filter(function (one) { return one.offsetParent; }).length;
    if (screen.map) screen.map.listed(listed);
  }

  function map(screen) {
    if (screen.map || !screen.frame || !screen.sheet || !window.L || !window.protomapsL) return;
    if (!screen.sheet.bounds) { screen.frame.classList.add("none"); screen.frame.textContent = word("no_map"); return; }
    if (!screen.box.classList.contains("now")) screen.box.classList.add("near");
    if (!screen.frame.clientWidth) return;
    screen.map = new NTS.SheetMap(make("div", "map", screen.frame), screen.legend, told, screen.sheet, night, lang);
    screen.map.jump = function (n) { show(n); };
  }

  /* The maps beside the one that is shown are drawn already; those farther off are given up. */
  function near() {
    screens.forEach(function (screen, i) {
      var close = Math.abs(i - at) <= 1;
      if (!close && screen.map) {
        screen.map.remove();
        screen.map = null;
        screen.box.classList.remove("near");
      }
    });
    [at + 1, at - 1].forEach(function (i) { if (screens[i]) map(screens[i]); });
  }

  function turn() {
    night = !night;
    try { localStorage.setItem("watch-meeting-night", night ? "1" : "0"); } catch (error) { /* a browser that keeps nothing */ }
    var here = at;
    screens.forEach(function (screen) { if (screen.map) screen.map.remove(); });
    document.querySelectorAll("body > .foot, body > .decide, body > dialog").forEach(function (one) { one.remove(); });
    build();
    show(here);
  }

  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  }

  function leave() { location.assign("/meeting?meeting=" + number + "&lang=" + lang); }

  function explain() {
    var screen = screens[at], list = screen.kind === "district" ? screen.sheet.figures : told.first.figures;
    NTS.decide.tell(word("explain_title"), list.map(function (one) { return [one.label, one.help]; }).concat(told.explained));
  }

  var KEYS = {
    ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, Enter: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Backspace: -1,
  };
  document.addEventListener("keydown", function (e) {
    if (!told || e.ctrlKey || e.altKey || e.metaKey) return;
    if (NTS.decide.isOpen()) {
      if (e.key === "Escape") { e.preventDefault(); NTS.decide.close(); }
      return;
    }
    if (e.target.closest && e.target.closest("button, a") && (e.key === " " || e.key === "Enter")) return;
    var key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
    if (KEYS[e.key]) show(at + KEYS[e.key]);
    else if (e.key === "Home") show(0);
    else if (e.key === "End") show(screens.length - 1);
    else if (e.key === "Escape") {
      if (document.fullscreenElement) document.exitFullscreen();
      else leave();
    } else if (e.code === "KeyD") NTS.decide.open();
    else if (e.code === "KeyN") turn();
    else if (e.code === "KeyF") full();
    else if (e.code === "KeyB" || key === ".") body.classList.toggle("blank");
    else if (key === "?") explain();
    else return;
    e.preventDefault();
  });

  /* A finger: from side to side, but not on the map. */
  var touch = null;
  document.addEventListener("touchstart", function (e) {
    touch = e.touches.length === 1 && !e.target.closest(".map, .decide, dialog, .since-then") ? [e.touches[0].clientX, e.touches[0].clientY] : null;
  }, { passive: true });
  document.addEventListener("touchend", function (e) {
    if (!touch || !told) return;
    var dx = e.changedTouches[0].clientX - touch[0], dy = e.changedTouches[0].clientY - touch[1];
    touch = null;
    if (Math.abs(dx) > 70 && Math.abs(dx) > 2 * Math.abs(dy)) show(at + (dx < 0 ? 1 : -1));
  }, { passive: true });

  addEventListener("resize", function () { if (screens[at]) fit(screens[at]); });

  window.room = {
    get at() { return at; },
    get took() { return took; },
    get idle() { var m = screens[at] && screens[at].map; return !m || m.idle; },
  };
  open(0);
})();
