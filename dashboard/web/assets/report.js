/* The public form with JavaScript: keeps what was written when there is no line, makes photos small, finds the place. */
(function () {
  "use strict";
  var form = document.getElementById("report"), own = document.currentScript;
  var MOST = 5, SIDE = 1600;

  function at(id) { return document.getElementById(id); }
  function make(tag, text, kind) {
    var made = document.createElement(tag);
    if (text) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }
  function say(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  }
  function show(node, yes) { node.hidden = !yes; }

  Array.prototype.forEach.call(document.querySelectorAll(".needs-script"), function (node) {
    if (node.id !== "no-point") node.hidden = false;
  });
  Array.prototype.forEach.call(document.querySelectorAll("[data-copy]"), function (button) {
    button.addEventListener("click", function () {
      var code = document.querySelector("#received [data-code]"), copied = button.dataset.copied || words.copied;
      function done() { button.textContent = copied; }
      if (navigator.clipboard) navigator.clipboard.writeText(code.textContent).then(done);
      else {
        getSelection().selectAllChildren(code);
        if (document.execCommand("copy")) done();
      }
    });
  });
  var words = at("words") ? JSON.parse(at("words").textContent) : {};
  if (!form) return;
  var place = { lon: form.elements.lon, lat: form.elements.lat };

  /* ---------------------------------------------------------------- place */
  function setPoint(lat, lon, sentence) {
    place.lat.value = lat === null ? "" : lat.toFixed(5);
    place.lon.value = lon === null ? "" : lon.toFixed(5);
    at("point").firstElementChild.textContent =
      lat === null ? "" : sentence || say(words.where.point, { point: lat.toFixed(5) + ", " + lon.toFixed(5) });
    show(at("point"), lat !== null);
    show(at("no-point"), lat !== null);
    form.dispatchEvent(new CustomEvent("point"));
  }
  function hintOfPlace(text) {
    at("point").firstElementChild.textContent = text;
    show(at("point"), true);
  }
  if (place.lat.value) show(at("no-point"), true);
  at("no-point").addEventListener("click", function () { setPoint(null, null); });
  at("locate").addEventListener("click", function () {
    if (!navigator.geolocation) return hintOfPlace(words.where.not_located);
    hintOfPlace(words.where.locating);
    navigator.geolocation.getCurrentPosition(function (found) {
      var c = found.coords;
      setPoint(c.latitude, c.longitude, say(words.where.located, { metres: Math.ceil(c.accuracy / 10) * 10 }));
    }, function () { hintOfPlace(words.where.not_located); }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
  });
  at("open-map").addEventListener("click", function () {
    if (window.ReportMap) return window.ReportMap.open();
    var script = make("script");
    script.src = own.dataset.map;
    script.onload = function () { window.ReportMap.start(at("map"), words, place, setPoint, hintOfPlace); };
    script.onerror = function () { hintOfPlace(words.where.map_failed); };
    document.head.appendChild(script);
  });

  function fill(list, found, empty) {
    list.textContent = "";
    if (empty) list.appendChild(new Option(words.where.choose, ""));
    found.forEach(function (one) {
      var name = words.lang === "th" ? one[1] : one[2] + " · " + one[1];
      list.appendChild(empty ? new Option(name, one[0]) : new Option(one[1], one[1]));
    });
  }
  function placesIn(code) {
    return fetch("/report/places?in=" + encodeURIComponent(code), { credentials: "omit" }).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }).then(function (said) { return said.places; });
  }
  at("district").addEventListener("change", function () {
    var code = at("district").value;
    fill(at("subdistrict"), [], true);
    fill(at("villages"), [], false);
    show(at("subdistrict-field"), false);
    if (!code) return;
    placesIn(code).then(function (found) {
      if (at("district").value !== code) return;
      fill(at("subdistrict"), found, true);
      show(at("subdistrict-field"), found.length > 0);
    }).catch(function () { /* no line: the district is enough */ });
  });
  at("subdistrict").addEventListener("change", function () {
    var code = at("subdistrict").value;
    fill(at("villages"), [], false);
    if (code) placesIn(code).then(function (found) { fill(at("villages"), found, false); }).catch(function () { /* as above */ });
  });
  at("day-box").addEventListener("input", function () {
    if (at("day-box").value) form.querySelector("[name=when][value=date]").checked = true;
  });

  /* ---------------------------------------------------------------- photos: small, and without what hides in them */
  var photos = [];
  function picture(file) {
    return new Promise(function (done, failed) {
      var image = new Image(), url = URL.createObjectURL(file);
      image.onload = function () { URL.revokeObjectURL(url); done(image); };
      image.onerror = function () { URL.revokeObjectURL(url); failed(new Error("not a picture")); };
      image.src = url;
    });
  }
  function shrink(file) {
    return picture(file).then(function (image) {
      var scale = Math.min(1, SIDE / Math.max(image.naturalWidth, image.naturalHeight));
      var canvas = make("canvas");
      canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
      canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
      var ground = canvas.getContext("2d");
      ground.fillStyle = "#fff";
      ground.fillRect(0, 0, canvas.width, canvas.height);
      ground.drawImage(image, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done, failed) {
        canvas.toBlob(function (blob) { if (blob) done(blob); else failed(new Error("no picture")); }, "image/jpeg", 0.8);
      });
    });
  }
  function drawPhotos() {
    var list = at("chosen");
    list.textContent = "";
    photos.forEach(function (blob, n) {
      var item = make("li"), image = make("img"), button = make("button", words.photos.remove, "second");
      image.src = URL.createObjectURL(blob);
      image.alt = String(n + 1);
      button.type = "button";
      button.addEventListener("click", function () { photos.splice(n, 1); drawPhotos(); });
      item.appendChild(image);
      item.appendChild(button);
      list.appendChild(item);
    });
  }
  at("photos-box").addEventListener("change", function () {
    var files = Array.prototype.slice.call(at("photos-box").files), problem = "";
    at("progress").textContent = words.photos.preparing;
    wrong("photos", "");
    files.reduce(function (before, file) {
      return before.then(function () {
        if (photos.length >= MOST) { problem = say(words.errors.photos, { n: MOST }); return; }
        return shrink(file).then(function (blob) { photos.push(blob); }, function () {
          var heic = /hei[cf]$/i.test(file.name) || /hei[cf]/.test(file.type);
          problem = say(heic ? words.errors.photo_heic : words.errors.photo_not_one, { name: file.name });
        });
      });
    }, Promise.resolve()).then(function () {
      at("photos-box").value = "";
      at("progress").textContent = "";
      wrong("photos", problem);
      drawPhotos();
    });
  });

  /* ---------------------------------------------------------------- what is wrong, beside its field */
  function wrong(name, sentence) {
    var old = at("wrong-" + name), where = at(name);
    if (old) old.remove();
    if (!sentence || !where) return;
    var said = make("p", sentence, "error"), box = where.querySelector("textarea,input:not([type=radio]):not([type=hidden]),select,.picks,.row");
    said.id = "wrong-" + name;
    while (box && box.parentNode !== where) box = box.parentNode;
    where.insertBefore(said, box);
  }
  function showErrors(errors) {
    var box = at("wrong"), list = make("ul"), names = Object.keys(errors);
    Array.prototype.forEach.call(document.querySelectorAll("form .error"), function (node) { node.remove(); });
    box.textContent = "";
    show(box, names.length > 0);
    if (!names.length) return;
    box.appendChild(make("h2", words.again));
    names.forEach(function (name) {
      var item = make("li"), link = make("a", errors[name]);
      link.href = "#" + name;
      item.appendChild(link);
      list.appendChild(item);
      wrong(name, errors[name]);
    });
    box.appendChild(list);
    box.focus();
    box.scrollIntoView();
  }
  function check(fields) {
    var errors = {};
    if (!(fields.crime_type && fields.crime_type !== "not_sure") && !fields.description.trim()) errors.description = words.errors.nothing_said;
    if (!fields.lat && !fields.district) errors.place = words.errors.no_place;
    if (fields.when === "date" && !fields.day) errors.day = words.errors.no_date;
    return errors;
  }

  /* ---------------------------------------------------------------- what waits on this telephone */
  function identifier() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    var hex = Array.prototype.map.call(bytes, function (b) { return (b + 256).toString(16).slice(1); }).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }
  function solve(challenge) {
    at("progress").textContent = words.phone.working;
    return new Promise(function (done, failed) {
      var worker = new Worker(own.dataset.proof);
      worker.onmessage = function (message) { worker.terminate(); at("progress").textContent = ""; done(message.data); };
      worker.onerror = function () { worker.terminate(); failed(new Error("no sum")); };
      worker.postMessage(challenge);
    });
  }
  function button(text, act) {
    var made = make("button", text, "second");
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }
  function deletes(entry) {
    return button(words.phone.delete, function () { ReportQueue.remove(entry.id).then(draw); });
  }
  function draw() {
    return ReportQueue.all().then(function (entries) {
      var box = at("phone"), waiting = entries.filter(function (e) { return e.state === "waiting" && e.id !== inHand; });
      box.textContent = "";
      if (!navigator.onLine) box.appendChild(make("div", words.phone.offline, "waits"));
      if (waiting.length) {
        var group = make("div", "", "waits"), row = make("div", "", "row");
        group.appendChild(make("h2", say(words.phone.waiting, { n: waiting.length })));
        group.appendChild(make("p", words.phone.waiting_hint, "hint"));
        row.appendChild(button(words.phone.try, sendWaiting));
        row.appendChild(button(words.phone.delete, function () {
          Promise.all(waiting.map(function (e) { return ReportQueue.remove(e.id); })).then(draw);
        }));
        group.appendChild(row);
        box.appendChild(group);
      }
      entries.forEach(function (entry) {
        var group = make("div"), row = make("div", "", "row");
        if (entry.state === "sent" && entry.id !== shown) {
          group.className = "was-sent";
          group.appendChild(make("h2", words.phone.sent));
          group.appendChild(make("p", entry.code, "code"));
          if (entry.same) group.appendChild(make("p", document.querySelector("[data-same]").textContent));
          group.appendChild(make("p", words.phone.sent_hint, "hint"));
        } else if (entry.state === "refused" && entry.id !== inHand) {
          group.className = "is-refused";
          group.appendChild(make("h2", words.phone.refused));
          Object.keys(entry.errors).forEach(function (name) { group.appendChild(make("p", entry.errors[name], "error")); });
          row.appendChild(button(words.phone.edit, function () { ReportQueue.remove(entry.id).then(function () { refill(entry); draw(); }); }));
        } else return;
        row.appendChild(deletes(entry));
        group.appendChild(row);
        box.appendChild(group);
      });
      show(box, box.childNodes.length > 0);
    });
  }
  function refill(entry) {
    Object.keys(entry.fields).forEach(function (name) {
      var field = form.elements[name];
      if (field && name !== "subdistrict") field.value = entry.fields[name];
    });
    if (entry.fields.lat) setPoint(+entry.fields.lat, +entry.fields.lon);
    at("district").dispatchEvent(new Event("change"));
    photos = entry.photos;
    drawPhotos();
    showErrors(entry.errors || {});
  }
  var inHand = null, shown = null, again = null;
  function sendWaiting() {
    clearTimeout(again);
    return ReportQueue.send(solve).then(function (left) {
      if (left) again = setTimeout(sendWaiting, 20000);
      return draw();
    });
  }
  function received(entry) {
    shown = entry.id;
    document.querySelector("#received [data-code]").textContent = entry.code;
    show(document.querySelector("#received [data-same]"), Boolean(entry.same));
    show(form, false);
    show(at("received"), true);
    Array.prototype.forEach.call(document.querySelectorAll("main > h1, main > .lead, main > .danger"), function (n) { show(n, false); });
    window.scrollTo(0, 0);
    at("main").focus();
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (inHand) return;
    var fields = {};
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string" && name !== "token") fields[name] = value;
    });
    if (fields.when === "now") fields.said_at = String(Date.now());
    var errors = check(fields);
    showErrors(errors);
    if (Object.keys(errors).length) return;
    var entry = {
      id: identifier(), state: "waiting", lang: words.lang, token: form.elements.token.value, made: Date.now(),
      fields: fields, photos: photos.slice(),
    };
    inHand = entry.id;
    at("send").disabled = true;
    at("progress").textContent = words.sending;
    ReportQueue.put(entry).then(function () {
      if (navigator.serviceWorker && navigator.serviceWorker.controller) {
        navigator.serviceWorker.ready.then(function (there) { if (there.sync) return there.sync.register("report-queue"); })
          .catch(function () { /* not allowed here: the page sends by itself */ });
      }
      return ReportQueue.send(solve);
    }).then(function () { return ReportQueue.get(entry.id); }).then(function (after) {
      if (after && after.state === "sent") {
        received(after); // who sees the number notes it: nothing of the report is left on the telephone
        return ReportQueue.remove(after.id).catch(function () { /* then it lies there until its owner deletes it */ });
      }
      if (after && after.state === "refused") return ReportQueue.remove(after.id).then(function () { showErrors(after.errors); });
      form.reset();
      photos = [];
      drawPhotos();
      setPoint(null, null);
      fill(at("subdistrict"), [], true);
      show(at("subdistrict-field"), false);
      again = setTimeout(sendWaiting, 20000);
      window.scrollTo(0, 0);
    }).then(function () {
      inHand = null;
      at("send").disabled = false;
      at("progress").textContent = "";
      return draw();
    }).catch(function () { // no room on this telephone, or a private window: the plain way
      inHand = null;
      at("send").disabled = false;
      form.submit();
    });
  });

  window.addEventListener("online", sendWaiting);
  window.addEventListener("offline", draw);
  document.addEventListener("visibilitychange", function () { if (!document.hidden && navigator.onLine) sendWaiting(); });
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register("/report/worker.js", { scope: "/report" }).catch(function (error) { console.warn(error.message); });
    navigator.serviceWorker.addEventListener("message", draw);
  }
  draw().then(function () { if (navigator.onLine) return sendWaiting(); }).catch(function (error) { console.warn(error.message); });
})();
