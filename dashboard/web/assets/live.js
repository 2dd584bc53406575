/* News: one websocket. It says what changed, never what it says. */
(function () {
  "use strict";
  var NTS = (window.NTS = window.NTS || {});
  var SILENCE = 50000, GRACE = 3000;

  NTS.Live = function (watch, onChange) {
    this.watch = watch;
    this.onChange = onChange;
    this.failures = 0;
    this.state = "connecting";
    this.since = Date.now();
    var self = this;
    window.addEventListener("online", function () { self.open(); });
    document.addEventListener("visibilitychange", function () {
      if (!document.hidden) { self.watch.checkToken(); if (!self.socket) self.open(); }
    });
    setInterval(function () {
      if (self.socket && Date.now() - self.heard > SILENCE) self.socket.close();
      self.tell();
    }, 5000);
  };

  NTS.Live.prototype.use = function (url) {
    if (url === this.url) return;
    this.url = url;
    if (this.socket) this.socket.close();
    else this.open();
  };

  /* What a person is told: a short gap is nobody's business. */
  NTS.Live.prototype.tell = function () {
    var state = this.socket && this.up ? "live" : Date.now() - this.since < GRACE ? this.state : "waiting";
    if (state !== this.state) {
      this.state = state;
      this.watch.liveChanged(state, this.since);
    }
  };

  NTS.Live.prototype.lost = function () {
    if (this.up || this.state === "connecting") { this.since = this.state === "connecting" ? this.since : Date.now(); }
    this.up = false;
    var self = this;
    setTimeout(function () { self.tell(); }, GRACE + 50);
  };

  NTS.Live.prototype.open = function () {
    var self = this;
    if (this.socket || !this.url || !this.watch.token) return;
    clearTimeout(this.again);
    var address = new URL(this.url, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    address.searchParams.set("token", this.watch.token);
    var socket = (this.socket = new WebSocket(address.href));
    this.heard = Date.now();
    socket.onmessage = function (event) {
      self.heard = Date.now();
      var news;
      try { news = JSON.parse(event.data); } catch (error) { console.warn("live: not understood"); return; }
      if (news.type === "hello") {
        self.failures = 0;
        if (news.up === false) self.lost();
        else if (!self.up) { self.up = true; self.tell(); self.watch.wake(); }
        if (self.version !== undefined && news.version !== self.version) self.onChange({ what: ["*"], ids: "*", version: news.version });
        self.version = news.version;
      } else if (news.type === "down") {
        self.lost();
      } else if (news.type === "changed") {
        if (!self.up) { self.up = true; self.tell(); self.watch.wake(); }
        self.version = news.version;
        self.onChange(news);
      }
    };
    socket.onclose = function (event) {
      if (self.socket !== socket) return;
      self.socket = null;
      self.lost();
      if (event.code === 4401) self.watch.renewAt = 0; // the token opens nothing any more: the page is asked at once
      self.watch.checkToken();
      self.again = setTimeout(function () { self.open(); }, NTS.pause(self.failures++, 20000));
    };
  };
})();
