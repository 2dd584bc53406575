/* Deciding: a panel beside the map. Typed words stay until they are saved, and are saved at once. */
(function () {
  "use strict";
  var NTS = (window.NTS = window.NTS || {});
  var make = NTS.make, fields = 0;

  NTS.Decide = function (parent, told, ways) {
    this.told = told;
    this.ways = ways;
    this.box = make("aside", "decide", parent);
    this.box.hidden = true;
    this.kept = {};
  };

  NTS.Decide.prototype.isOpen = function () { return !this.box.hidden; };

  NTS.Decide.prototype.word = function (key) { return this.told.words[key]; };

  NTS.Decide.prototype.close = function () {
    var map = this.ways.map();
    if (map) { map.pick(null); map.mark(null); }
    this.box.hidden = true;
    this.box.classList.remove("aside-for-map");
    this.box.textContent = "";
  };

  NTS.Decide.prototype.begin = function (title, name) {
    var self = this;
    this.close();
    this.box.className = "decide " + name;
    this.box.hidden = false;
    this.box.setAttribute("role", "dialog");
    this.box.setAttribute("aria-label", title);
    var bar = make("div", "decide-head", this.box);
    make("h2", "", bar, title);
    var shut = make("button", "", bar, "✕");
    shut.type = "button";
    shut.setAttribute("aria-label", this.word("close"));
    shut.addEventListener("click", function () { self.close(); });
    return this.box;
  };

  NTS.Decide.prototype.field = function (form, label, control, help) {
    var row = make("div", "field", form), said = make("label", "", row, label);
    control.id = "field-" + (fields += 1);
    said.htmlFor = control.id;
    row.appendChild(control);
    if (help) make("p", "small", row, help);
    return control;
  };

  /* The same decision sent again, after an answer that was lost, is the same one. */
  function number() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, function (one) { return one.toString(16).padStart(2, "0"); }).join("");
  }

  function options(select, list) {
    list.forEach(function (one) {
      if (one.options) {
        var group = make("optgroup", "", select);
        group.label = one.label;
        options(group, one.options);
      } else make("option", "", select, one.label).value = one.value;
    });
    return select;
  }

  /* A form that sends itself once, and says what came of it. */
  NTS.Decide.prototype.form = function (box, action, then) {
    var form = make("form", "", box), problem, button, self = this;
    form.noValidate = true;
    this.finish = function () {
      problem = make("p", "problem", form);
      problem.setAttribute("role", "alert");
      button = make("button", "main", form, action);
      button.type = "submit";
    };
    form.addEventListener("submit", function (e) {
      e.preventDefault();
      button.disabled = true;
      problem.textContent = "";
      then().then(function () { self.close(); }, function (error) {
        button.disabled = false;
        problem.textContent = error.said && error.status < 500 ? error.said : self.word("not_saved");
      });
    });
    return form;
  };

  NTS.Decide.prototype.open = function () {
    if (!this.told.meeting.may_decide) return;
    var self = this, told = this.told, sheet = this.ways.sheet(), code = sheet && sheet.code, map, spot = null;
    var box = this.begin(this.word("decide") + (code ? " · " + sheet.name : ""), "deciding");
    map = this.ways.map();
    var form = this.form(box, this.word("save"), function () {
      var fields = {
        client_id: self.kept.id, words: words.value, owner: owner.value, due: due.value, code: code || where.value,
        plan: plan.value, lon: spot ? spot.lng.toFixed(5) : "", lat: spot ? spot.lat.toFixed(5) : "",
      };
      return self.ways.send("/decisions", fields).then(function (answer) {
        self.kept = {};
        self.ways.taken(answer);
      });
    });
    var words = this.field(form, this.word("what"), make("textarea"));
    words.rows = 3;
    words.maxLength = 1000;
    words.value = this.kept.words || "";
    this.kept.id = this.kept.id || number();
    words.addEventListener("input", function () { self.kept.words = words.value; });
    var where = null;
    if (!code) where = this.field(form, this.word("where"), options(make("select"), told.sheets.map(function (one) { return { value: one.code, label: one.name }; })));
    var pair = make("div", "pair", form);
    var owner = this.field(pair, this.word("owner"), make("select"));
    var due = this.field(pair, this.word("due"), make("input"));
    due.type = "date";
    due.value = told.due;
    due.min = told.today;
    var said = make("p", "small", due.parentNode);
    function say() {
      var day = due.valueAsDate;
      said.textContent = day ? day.toLocaleDateString(document.documentElement.lang === "th" ? "th-TH-u-ca-buddhist" : "en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }) : "";
    }
    due.addEventListener("input", say);
    say();
    var place = null, plan = null;
    if (code && map) {
      place = this.field(form, this.word("spot"), options(make("select"), [{ value: "", label: this.word("no_place") }, { value: "map", label: this.word("on_map") }].concat(
        sheet.places.filter(function (one) { return one.lat !== null && one.lat !== undefined; }).map(function (one) { return { value: String(one.n), label: one.n + " · " + one.name }; })
      )));
      var hint = make("p", "small", place.parentNode, "");
      place.parentNode.classList.add("spot");
      var touched = function () {
        var top = sheet.places.find(function (one) { return String(one.n) === place.value; });
        spot = top ? L.latLng(top.lat, top.lon) : place.value === "map" ? spot : null;
        map.mark(spot);
        hint.textContent = place.value === "map" && !spot ? self.word("tap_map") : "";
        var away = place.value === "map" && !spot && innerWidth < 900;
        self.box.classList.toggle("aside-for-map", away);
        if (away) map.box.scrollIntoView({ block: "center" });
      };
      place.addEventListener("change", function () { spot = null; touched(); });
      map.pick(function (latlng) {
        place.value = "map";
        spot = latlng;
        touched();
      });
    }
    plan = this.field(form, this.word("plan"), make("select"));
    /* Who works in the district stands first; plans are those of the district. */
    function offer() {
      var at = code || where.value, staff = told.owners[at] || [], others = told.owners["*"] || [], plans = told.plans[at] || [];
      owner.textContent = plan.textContent = "";
      options(owner, [{ value: "", label: self.word("choose") }]);
      if (staff.length) options(owner, [{ label: self.word("staff"), options: staff }]);
      if (others.length) options(owner, [{ label: self.word("others"), options: others }]);
      options(owner, [{ label: self.word("agencies"), options: told.agencies }]);
      options(plan, [{ value: "", label: self.word("no_plan") }].concat(plans));
      plan.parentNode.hidden = !plans.length;
    }
    offer();
    if (where) where.addEventListener("change", offer);
    this.finish();
    words.focus();
  };

  NTS.Decide.prototype.end = function (one, state) {
    var self = this, box = this.begin(this.word(state === "done" ? "mark_done" : "mark_dropped"), "ending");
    make("p", "said", box, one.words);
    var form = this.form(box, this.word("save"), function () {
      return self.ways.send("/decisions/" + one.id, { state: state, reason: reason.value }).then(self.ways.taken);
    });
    var reason = this.field(form, this.word(state === "done" ? "what_came" : "why_dropped"), make("textarea"));
    reason.rows = 3;
    reason.maxLength = 1000;
    this.finish();
    reason.focus();
  };

  NTS.Decide.prototype.confirm = function (question, action, then) {
    var box = this.begin(action, "confirming");
    make("p", "", box, question);
    this.form(box, action, then);
    this.finish();
    box.querySelector("button.main").focus();
  };

  NTS.Decide.prototype.tell = function (title, pairs) {
    var box = this.begin(title, "telling"), list = make("dl", "", box);
    pairs.forEach(function (pair) {
      make("dt", "", list, pair[0]);
      make("dd", "", list, pair[1]);
    });
    box.querySelector("button").focus();
  };
})();
