'use strict'
// Keeps the page at hand for a visitor without a network. Never keeps an answer of the box.
const SHELL = 'fourgates-box-2'
const KEPT = ['/', '/page.js', '/page.webmanifest']
self.addEventListener('install', event => event.waitUntil(
  caches.open(SHELL).then(shell => shell.addAll(KEPT)).then(() => self.skipWaiting())))
self.addEventListener('activate', event => event.waitUntil(
  caches.keys().then(names => Promise.all(names.filter(name => name !== SHELL).map(name => caches.delete(name))))
    .then(() => self.clients.claim())))
self.addEventListener('fetch', event => {
  const asked = new URL(event.request.url)
  if (event.request.method !== 'GET' || /^\/(b|sso)\b/.test(asked.pathname)) return
  event.respondWith(fetch(event.request).then(answer => {
    if (answer.ok && KEPT.includes(asked.pathname)) {
      const copy = answer.clone()
      caches.open(SHELL).then(shell => shell.put(asked.pathname, copy))
    }
    return answer
  }).catch(() => caches.match(asked.pathname, { ignoreSearch: true })))
})
