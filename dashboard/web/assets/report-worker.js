/* Opens the form without a line after one visit, and sends what waits when the line is back. Keeps the form alone: no page
   with a number or a state on it. */
"use strict";
const KEPT = "nts-report-" + FILES.join("").replace(/\W+/g, "").slice(-80);
importScripts(...FILES.filter((file) => /report-(queue|proof)\.js/.test(file)));

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const kept = await caches.open(KEPT);
    await kept.addAll([...FILES, ...LANGUAGES.map((lang) => "/report?lang=" + lang)].map((url) => new Request(url, { cache: "reload", credentials: "omit" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("nts-report-") && name !== KEPT) await caches.delete(name);
    await self.clients.claim();
  })());
});

function language(url) {
  const asked = url.searchParams.get("lang");
  if (LANGUAGES.includes(asked)) return asked;
  return (self.navigator.languages || []).map((one) => one.slice(0, 2)).find((one) => LANGUAGES.includes(one)) || "th";
}

async function form(request, url) {
  const kept = await caches.open(KEPT), stopped = new AbortController();
  const patience = setTimeout(() => stopped.abort(), 6000);
  try {
    const answer = await fetch(request, { signal: stopped.signal });
    if (answer.status < 500) return answer;
  } catch (error) { /* no line: the kept one */ } finally { clearTimeout(patience); }
  return (await kept.match("/report?lang=" + language(url))) || Response.error();
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname === "/report" && event.request.mode === "navigate") {
    event.respondWith(form(event.request, url));
  } else if (url.pathname.startsWith("/assets/")) {
    event.respondWith((async () => {
      const kept = await caches.open(KEPT), found = await kept.match(event.request);
      if (found) return found;
      const answer = await fetch(event.request);
      if (answer.ok && /noto-sans-|sarabun-/.test(url.pathname)) await kept.put(event.request, answer.clone());
      return answer;
    })());
  } else if (url.pathname === "/report/places") {
    event.respondWith((async () => {
      const kept = await caches.open(KEPT);
      try {
        const answer = await fetch(event.request);
        if (answer.ok) await kept.put(event.request, answer.clone());
        return answer;
      } catch (error) {
        return (await kept.match(event.request)) || Response.error();
      }
    })());
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag !== "report-queue") return;
  event.waitUntil((async () => {
    const left = await ReportQueue.send((challenge) => solveProof(challenge));
    for (const page of await self.clients.matchAll()) page.postMessage("queue");
    if (left) throw new Error("some still wait"); // the browser tries again later
  })());
});
