'use strict'
// The member's page and the visitor's kit. Nothing that was chosen is kept on the phone unsealed, and nothing at all is
// kept of a member's own visit; a visitor's sealed nominations wait here only while there is no network.
const $ = id => document.getElementById(id)
const words = JSON.parse($('words').textContent)
const lang = document.documentElement.lang.slice(0, 2)
const query = '?lang=' + lang
const say = (sentence, facts) => sentence.replace(/\{(\w+)\}/g, (whole, key) => facts[key])
const steps = ['s-code', 's-me', 's-name', 's-look', 's-done']
let code = '', me = null, chosen = new Map(), written = [], receipt = '', visit = null

const show = step => {
  for (const one of steps) $(one).hidden = one !== step
  $('wrong').hidden = true
  const title = $(step).querySelector('h2')
  if (step !== 's-code') title.focus()
  window.scrollTo(0, 0)
}
const wrong = text => { $('wrong').textContent = text; $('wrong').hidden = false; $('wrong').focus() }
const make = (tag, text, on) => {
  const made = document.createElement(tag)
  if (text !== undefined) made.textContent = text
  if (on) made.addEventListener('click', on)
  return made
}
const fill = (place, ...rows) => { place.textContent = ''; for (const row of rows) place.appendChild(row) }
const hex = bytes => Array.from(bytes, one => one.toString(16).padStart(2, '0')).join('')
const bytes = text => Uint8Array.from(text.match(/../g) || [], pair => parseInt(pair, 16))
const drawn = () => { const some = new Uint8Array(16); crypto.getRandomValues(some); return hex(some) }

const ask = async (path, what) => {
  let answer
  try {
    answer = await fetch(path + query, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(what), credentials: 'omit', cache: 'no-store'
    })
  } catch (_none) { throw new Error(words.offline) }
  let said = {}
  try { said = await answer.json() } catch (_none) { /* said nothing readable */ }
  if (!answer.ok) throw new Error(said.error || words.failed)
  return said
}
const busy = async (button, work) => {
  button.disabled = true
  try { await work() } catch (no) { wrong(no.message) } finally { button.disabled = false }
}

// --- the own roll entry
const enter = async () => {
  $('wrong').hidden = true
  code = $('code').value
  if (visit) return visit.enter(code)
  met(await ask('/b/enter', { code }))
}
const met = said => {
  me = said
  chosen = new Map(); written = []
  const list = $('me')
  fill(list)
  const line = (name, value) => { if (value) { list.append(make('dt', name), make('dd', value)) } }
  line(words.who, me.name); line(words.branch, me.branch); line(words.committee, me.committee); line(words.joined, me.joined)
  $('read').hidden = !me.open || (me.used && !me.changeable)
  show('s-me')
  if (!me.open) wrong(words.closed)
  else if (me.used && !me.changeable) wrong(words.used)
}

// --- naming
const naming = () => {
  $('most').textContent = say(words.most, { most: me.most })
  $('w-in').hidden = !me.writeIn
  const options = $('sat')
  options.hidden = !me.satisfaction.length
  while (options.children.length > 1) options.lastChild.remove()
  for (const option of me.satisfaction) {
    const label = make('label'), radio = make('input')
    radio.type = 'radio'; radio.name = 'sat'; radio.value = option
    label.append(radio, option); options.append(label)
  }
  $('find').value = ''
  listed(); picked(); show('s-name')
}
const listed = () => {
  const wanted = $('find').value.trim().toLowerCase()
  const fits = me.nominees.filter(([, name, pinyin, branch]) =>
    wanted ? name.includes(wanted) || pinyin.startsWith(wanted) || pinyin.split(' ').some(one => one.startsWith(wanted)) : branch === me.branch)
  const rows = fits.slice(0, 60).map(([id, name, , branch]) => {
    const label = make('label'), box = make('input'), text = make('span', name + ' '), where = make('span', branch)
    box.type = 'checkbox'; box.checked = chosen.has(id); where.className = 'branch'
    box.addEventListener('change', () => {
      if (!box.checked) chosen.delete(id)
      else if (chosen.size + written.length < me.most) chosen.set(id, name)
      else { box.checked = false; wrong(say(words.full, { most: me.most })) }
      picked()
    })
    text.append(where); label.append(box, text)
    const row = make('li'); row.append(label); return row
  })
  fill($('list'), ...rows)
  $('found').textContent = say(words.found, { count: fits.length, shown: rows.length })
}
const picked = () => {
  const row = (name, drop) => {
    const one = make('li', name), button = make('button', words.drop, () => { drop(); listed(); picked() })
    button.type = 'button'; button.setAttribute('aria-label', words.drop + ' ' + name); one.append(button); return one
  }
  fill($('chosen'),
    ...Array.from(chosen, ([id, name]) => row(name, () => chosen.delete(id))),
    ...written.map(name => row(name, () => { written = written.filter(one => one !== name) })))
  if (!$('chosen').children.length) $('chosen').append(make('li', words.nobody))
}
const answer = () => ({
  names: [...chosen.keys()], written, satisfaction: (document.querySelector('input[name=sat]:checked') || { value: '' }).value
})
const look = () => {
  const rows = [...chosen.values(), ...written].map(name => make('li', name))
  if (!rows.length) rows.push(make('li', words.nobody))
  const satisfied = answer().satisfaction
  if (satisfied) rows.push(make('li', words.satisfied + ' ' + satisfied))
  fill($('sure'), ...rows)
  if (!receipt) receipt = drawn() // once: whoever presses twice has named once
  show('s-look')
}
const hand = async () => {
  const what = answer()
  if (visit) return visit.seal(code, receipt, what)
  const said = await ask('/b/name', Object.assign({ code, receipt }, what))
  done(words[said.outcome], said.tag)
}
const done = (text, tag) => {
  $('done').textContent = text
  $('receipt').textContent = receipt.match(/.{8}/g).join(' ')
  $('tag').textContent = tag.match(/.{8}/g).join(' ')
  chosen = new Map(); written = []; code = ''; $('code').value = ''; me = visit ? me : null
  $('next').hidden = !visit
  show('s-done')
  receipt = ''
}

$('f-code').addEventListener('submit', event => { event.preventDefault(); busy($('go'), enter) })
$('f-wrong').addEventListener('submit', event => {
  event.preventDefault()
  busy(event.target.querySelector('button'), async () => {
    await ask('/b/wrong', { code, says: $('says').value.trim() })
    $('says').value = ''; $('noted').textContent = words.noted
  })
})
$('read').addEventListener('click', naming)
$('find').addEventListener('input', listed)
$('add').addEventListener('click', () => {
  const name = $('written').value.trim()
  if (!name || written.includes(name)) return
  if (chosen.size + written.length >= me.most) return wrong(say(words.full, { most: me.most }))
  written.push(name); $('written').value = ''; picked()
})
$('look').addEventListener('click', look)
$('back').addEventListener('click', () => show('s-name'))
$('send').addEventListener('click', () => busy($('send'), hand))
$('print').addEventListener('click', () => window.print())
$('next').addEventListener('click', () => { $('h-code').tabIndex = -1; show('s-code'); $('code').focus() })

// --- larger type, and reading aloud
$('larger').hidden = false
$('larger').addEventListener('click', () => {
  const large = document.documentElement.classList.toggle('large')
  $('larger').setAttribute('aria-pressed', String(large))
})
if ('speechSynthesis' in window) {
  $('aloud').hidden = false
  $('aloud').addEventListener('click', () => {
    if (speechSynthesis.speaking) return speechSynthesis.cancel()
    const open = steps.map($).find(one => !one.hidden)
    const spoken = new SpeechSynthesisUtterance(document.querySelector('h1').textContent + '。' + open.innerText)
    spoken.lang = lang === 'zh' ? 'zh-CN' : 'en'; spoken.rate = 0.85
    speechSynthesis.speak(spoken)
  })
}

// --- the visitor's kit: works without a network, hands over later
const point = text => crypto.subtle.importKey('raw', bytes(text), { name: 'ECDH', namedCurve: 'P-256' }, false, [])
const joined = (...parts) => {
  const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0))
  parts.reduce((at, one) => { whole.set(one, at); return at + one.length }, 0)
  return whole
}
const sealed = async (text, kit) => {
  const content = new TextEncoder().encode(text), padded = new Uint8Array(kit.size)
  if (content.length > kit.size - 2) throw new Error(words.failed)
  padded.set([content.length >> 8, content.length & 255]); padded.set(content, 2)
  const mine = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: await point(kit.key) }, mine.privateKey, 256)
  const sender = new Uint8Array(await crypto.subtle.exportKey('raw', mine.publicKey))
  const about = joined(new TextEncoder().encode('fourgates box 1'), sender, bytes(kit.key))
  const base = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
  const key = await crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info: about },
    base, { name: 'AES-GCM', length: 256 }, false, ['encrypt'])
  const nonce = crypto.getRandomValues(new Uint8Array(12))
  const text_ = new Uint8Array(await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: new TextEncoder().encode(kit.box) }, key, padded))
  return hex(joined(new Uint8Array([1]), sender, nonce, text_))
}
const digest = async (kind, text) =>
  hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('fourgates ' + kind + '\n' + text)))).slice(0, 32)
const QUEUE = 'fourgates.sealed', KIT = 'fourgates.kit'
const queue = () => JSON.parse(localStorage.getItem(QUEUE) || '[]')
const sync = async () => {
  const waiting = queue()
  if (waiting.length && navigator.onLine) {
    try {
      const said = await ask('/b/sealed', { visitor: visit.kit.visitor, brought: waiting })
      const kept = queue().filter(one => !said.taken.includes(one.handle))
      localStorage.setItem(QUEUE, JSON.stringify(kept.filter(one => !(one.handle in said.refused))))
      const no = Object.values(said.refused)
      if (no.length) wrong(no.join('；'))
    } catch (_none) { /* still no network: they wait */ }
  }
  $('net').hidden = false
  $('net').textContent = say(queue().length ? words.waiting : words.handed, { count: queue().length })
}
const visiting = async visitor => {
  if (!window.isSecureContext) return wrong(words.insecure)
  let kit = JSON.parse(localStorage.getItem(KIT) || 'null')
  try {
    kit = Object.assign(await ask('/b/visit', { visitor }), { visitor })
    localStorage.setItem(KIT, JSON.stringify(kit))
  } catch (no) { if (!kit || kit.visitor !== visitor) return wrong(no.message) }
  visit = {
    kit,
    enter: typed => {
      if (typed.replace(/[\s-]/g, '').length !== 16) throw new Error(words.mistyped)
      met({
        name: '', branch: '', committee: kit.committee, joined: '', used: false, open: true, changeable: false, most: kit.most,
        writeIn: kit.writeIn, satisfaction: kit.satisfaction, nominees: kit.nominees
      })
    },
    seal: async (from, mark, what) => {
      const handle = await digest('handle', mark), tag = await digest('tag', mark)
      const inside = JSON.stringify([mark, what.names, what.written, what.satisfaction])
      const waiting = queue()
      waiting.push({ code: from, handle, sealed: await sealed(inside, kit) })
      localStorage.setItem(QUEUE, JSON.stringify(waiting))
      done(words.sealed, tag)
      await sync()
    }
  }
  $('h-code').textContent = words.visit
  $('s-route').hidden = false
  $('names').textContent = kit.names.join('、')
  fill($('route'), ...kit.route.map(name => make('li', name)))
  window.addEventListener('online', sync)
  await sync()
}
if ('serviceWorker' in navigator && window.isSecureContext) navigator.serviceWorker.register('/worker.js')

const arrived = location.hash.slice(1)
if (arrived.startsWith('visit-')) visiting(arrived.slice(6))
else if (arrived) { $('code').value = arrived; busy($('go'), enter) }
if (arrived) history.replaceState(null, '', location.pathname + location.search)
