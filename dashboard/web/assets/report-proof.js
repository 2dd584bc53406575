/* The small sum that is asked for while very much comes in: find n so that SHA-256("challenge:n") begins with zeros.
   Runs as a worker of the page, and inside the service worker. No other host has a part in it. */
(function (scope) {
  "use strict";
  var K = [], FIRST = [];
  (function () { // the first 32 bits of the fractions of roots of the primes, as the standard says
    function fraction(x) { return ((x - Math.floor(x)) * 4294967296) | 0; }
    for (var n = 2; K.length < 64; n++) {
      for (var d = 2; d * d <= n && n % d; d++);
      if (d * d > n) {
        if (FIRST.length < 8) FIRST.push(fraction(Math.sqrt(n)));
        K.push(fraction(Math.cbrt(n)));
      }
    }
  })();
  var W = new Int32Array(64);

  function turn(x, n) { return (x >>> n) | (x << (32 - n)); }

  /* The first 32 bits of the hash of a short ASCII text. */
  function head(text) {
    var length = text.length, blocks = ((length + 8) >> 6) + 1, words = new Int32Array(blocks * 16), h = FIRST.slice();
    for (var i = 0; i < length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - (i & 3) * 8);
    words[length >> 2] |= 128 << (24 - (length & 3) * 8);
    words[words.length - 1] = length * 8;
    for (var at = 0; at < words.length; at += 16) {
      var a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], z = h[7];
      for (var t = 0; t < 64; t++) {
        if (t < 16) W[t] = words[at + t];
        else {
          var p = W[t - 15], q = W[t - 2];
          W[t] = (W[t - 16] + (turn(p, 7) ^ turn(p, 18) ^ (p >>> 3)) + W[t - 7] + (turn(q, 17) ^ turn(q, 19) ^ (q >>> 10))) | 0;
        }
        var one = (z + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[t] + W[t]) | 0;
        var two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        z = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
      }
      h[0] = (h[0] + a) | 0; h[1] = (h[1] + b) | 0; h[2] = (h[2] + c) | 0; h[3] = (h[3] + d) | 0;
      h[4] = (h[4] + e) | 0; h[5] = (h[5] + f) | 0; h[6] = (h[6] + g) | 0; h[7] = (h[7] + z) | 0;
    }
    return h[0] >>> 0;
  }

  scope.solveProof = function (challenge) {
    var bits = Math.min(32, +challenge.split(".")[2]), n = 0;
    while (head(challenge + ":" + n) >>> (32 - bits)) n++;
    return challenge + ":" + n;
  };
  if (typeof scope.document === "undefined" && !scope.registration) {
    scope.onmessage = function (message) { scope.postMessage(scope.solveProof(message.data)); };
  }
})(self);
