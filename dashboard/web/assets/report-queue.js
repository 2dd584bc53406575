/* Reports that wait on this telephone, and the numbers of those that were sent. Used by the page and by its worker.
   Each has a name of its own, so that one that is sent twice is still one report. */
(function (scope) {
  "use strict";
  var STORE = "reports";

  function open() {
    return new Promise(function (done, failed) {
      var asked = indexedDB.open("nts-report", 1);
      asked.onupgradeneeded = function () { asked.result.createObjectStore(STORE, { keyPath: "id" }); };
      asked.onsuccess = function () { done(asked.result); };
      asked.onerror = function () { failed(asked.error); };
    });
  }

  function act(mode, work) {
    return open().then(function (db) {
      return new Promise(function (done, failed) {
        var change = db.transaction(STORE, mode), asked = work(change.objectStore(STORE));
        change.oncomplete = function () { db.close(); done(asked.result); };
        change.onerror = change.onabort = function () { db.close(); failed(change.error); };
      });
    });
  }

  function all() { return act("readonly", function (store) { return store.getAll(); }); }
  function put(entry) { return act("readwrite", function (store) { return store.put(entry); }); }
  function get(id) { return act("readonly", function (store) { return store.get(id); }); }
  function remove(id) { return act("readwrite", function (store) { return store.delete(id); }); }
  function pause(seconds) { return new Promise(function (done) { setTimeout(done, seconds * 1000); }); }

  /* Only while it is still there: what was deleted meanwhile stays deleted. */
  function change(entry) {
    return get(entry.id).then(function (there) { return there ? put(entry) : undefined; });
  }

  function post(entry, token, proof) {
    var form = new FormData();
    Object.keys(entry.fields).forEach(function (name) { form.append(name, entry.fields[name]); });
    form.append("client_id", entry.id);
    form.append("token", token);
    if (proof) form.append("proof", proof);
    entry.photos.forEach(function (photo, n) { form.append("photos", photo, "photo" + (n + 1) + ".jpg"); });
    return fetch("/report?lang=" + entry.lang, { method: "POST", body: form, headers: { Accept: "application/json" }, credentials: "omit" });
  }

  /* Sends one; answers the entry as it is then. `solve` does the small sum. */
  async function send(entry, solve) {
    var token = entry.token, proof = null;
    for (var tries = 0; tries < 4; tries++) {
      if (!token) {
        var fresh = await (await fetch("/report/token", { cache: "no-store", credentials: "omit" })).json();
        token = fresh.token;
        if (fresh.challenge) proof = await solve(fresh.challenge);
        await pause(fresh.wait + 0.2);
      }
      var answer = await post(entry, token, proof);
      if (answer.status === 201) {
        var said = await answer.json();
        entry = { id: entry.id, state: "sent", code: said.code, same: said.same, at: Date.now(), lang: entry.lang };
        await change(entry);
        return entry;
      }
      var refused = /json/.test(answer.headers.get("content-type") || "") ? await answer.json() : null;
      if (answer.status === 428 && refused) {
        proof = await solve(refused.challenge);
      } else if (answer.status === 400 && refused && refused.refused === "report.too_fast") {
        await pause(3);
      } else if (answer.status === 400 && refused && /report\.(form|too_old)/.test(refused.refused)) {
        token = null;
      } else if ((answer.status === 422 || answer.status === 413) && refused) {
        entry.state = "refused";
        entry.errors = refused.errors;
        await change(entry);
        return entry;
      } else {
        break; // the server is busy or away: it waits
      }
    }
    return entry;
  }

  async function sendWaiting(solve, told) {
    var left = 0, entries = await all();
    for (var i = 0; i < entries.length; i++) {
      if (entries[i].state !== "waiting") continue;
      try {
        var after = await send(entries[i], solve);
        if (after.state === "waiting") left++;
        else if (told) await told(after);
      } catch (error) {
        left++; // no line
      }
    }
    return left;
  }

  var running = null;

  scope.ReportQueue = {
    all: all, put: put, get: get, remove: remove,
    /* One at a time on this telephone, where it can be said; elsewhere the name of each report keeps it one. */
    send: function (solve, told) {
      if (running) return running.then(function () { return scope.ReportQueue.send(solve, told); });
      var locks = scope.navigator && scope.navigator.locks;
      running = locks
        ? locks.request("nts-report", function () { return sendWaiting(solve, told); })
        : sendWaiting(solve, told);
      var done = function () { running = null; };
      running.then(done, done);
      return running;
    },
  };
})(self);
