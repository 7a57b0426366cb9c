// What the page shows comes from the control API and goes into it as text, never as markup.
'use strict';

const find = id => document.getElementById(id);
const exchanges = new Map();  // by number
let control = '';  // path of the chosen issuer in the API
let stream = null;

function element(name, text, attributes = {}) {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

function tell(text) {
  find('status').textContent = text;
}

async function call(method, path, body) {
  const options = {method};
  if (body !== undefined) {
    options.headers = {'Content-Type': 'application/json'};
    options.body = JSON.stringify(body);
  }
  const reply = await fetch(path, options);
  if (!reply.ok) {
    const problem = await reply.json().catch(() => ({}));
    throw new Error(problem.detail || 'status ' + reply.status);
  }
  return (reply.headers.get('Content-Type') || '').startsWith('application/json') ? reply.json() : reply.text();
}

// Runs what a person asked for; says so if it fails.
async function attempt(action) {
  try {
    await action();
  } catch (error) {
    tell(error.message);
  }
}

async function showClock() {
  const clock = await call('GET', control + '/clock');
  find('now').textContent = clock.now;
  find('now').setAttribute('datetime', clock.now);
  find('mode').textContent = clock.mode === 'system' ? '(runs)' : '(stands still)';
}

function stateOf(step) {
  if (step.undelivered) return step.delivered > 0 ? 'partly used' : 'unused';
  return step.delivered > 0 ? 'used' : 'optional';
}

async function showScript() {
  const [{steps}, verdict] = await Promise.all([call('GET', control + '/steps'), call('GET', control + '/verdict')]);
  find('steps').replaceChildren(...steps.map(step => {
    const row = element('tr');
    const state = stateOf(step);
    row.append(element('td', step.id), element('td', JSON.stringify(step.when)), element('td', JSON.stringify(step.do)),
               element('td', step.delivered + ' of ' + step.times), element('td', state, {class: state}));
    return row;
  }));
  find('verdict').textContent = verdict.as_expected ? 'All went as scripted.' : 'Not as scripted: ' + [
    verdict.undelivered_steps.length + ' steps not delivered',
    verdict.unmatched_requests.length + ' requests matched no endpoint',
    (verdict.failed_expectations || []).length + ' expectations failed',
  ].filter(reason => !reason.startsWith('0 ')).join(', ') + '.';
}

// Lineage names of tokens become buttons that show the token decoded.
function withTokens(text) {
  const node = element('pre');
  for (const part of text.split(/(\b(?:at|id)#[0-9]+)/)) {
    if (/^(at|id)#[0-9]+$/.test(part)) {
      const button = element('button', part, {type: 'button', class: 'link'});
      button.addEventListener('click', () => attempt(() => showToken(part)));
      node.append(button);
    } else {
      node.append(part);
    }
  }
  return node;
}

const lines = pairs => pairs.map(([name, value]) => name + ': ' + value).join('\n');

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function showExchange(exchange) {
  const parts = [
    ['Request ' + exchange.seq, exchange.method + ' ' + exchange.path + '\n' + lines(exchange.headers)],
    ['Parameters', lines(exchange.form)],
    ['Reply', (exchange.dropped ? 'not delivered' : 'status ' + exchange.status) + '\n' + lines(exchange.reply_headers)],
    ['Body', pretty(exchange.reply_body)],
  ];
  find('detail').replaceChildren(...parts.filter(([, text]) => text).flatMap(
    ([title, text]) => [element('h3', title), withTokens(text)]));
}

async function showToken(name) {
  const token = await call('GET', control + '/tokens/' + encodeURIComponent(name));
  const parts = token.claims ? [['Header', token.header], ['Claims', token.claims]] : [['Opaque', 'It says nothing.']];
  find('detail').replaceChildren(element('h3', 'Token ' + name), ...parts.flatMap(
    ([title, value]) => [element('h4', title), withTokens(JSON.stringify(value, null, 2))]));
}

function showJournal() {
  const sorted = [...exchanges.values()].sort((a, b) => b.seq - a.seq);
  find('journal').replaceChildren(...sorted.map(exchange => {
    const row = element('tr');
    const cell = element('td');
    const title = exchange.method + ' ' + (exchange.endpoint || exchange.path) + (exchange.grant ? ' ' + exchange.grant : '');
    const button = element('button', title, {type: 'button', class: 'link'});
    button.addEventListener('click', () => showExchange(exchange));
    cell.append(button);
    row.append(element('td', exchange.seq), element('td', exchange.at), cell, element('td', exchange.client),
               element('td', exchange.dropped ? 'dropped' : exchange.status, exchange.status >= 400 ? {class: 'bad'} : {}),
               element('td', exchange.steps.join(', ')));
    return row;
  }));
}

// A request that was overtaken by a later one is missing from the stream: it is asked for.
async function fillGaps() {
  const {requests} = await call('GET', control + '/requests');
  requests.forEach(exchange => exchanges.set(exchange.seq, exchange));
  showJournal();
}

async function arrived(event) {
  const exchange = JSON.parse(event.data);
  const gap = exchange.seq > 1 && !exchanges.has(exchange.seq - 1);
  exchanges.set(exchange.seq, exchange);
  showJournal();
  await attempt(async () => {
    if (gap) await fillGaps();
    await Promise.all([showClock(), showScript()]);
  });
}

async function choose(path, url) {
  if (stream) stream.close();
  control = path;
  exchanges.clear();
  showJournal();
  find('url').textContent = url;
  find('scenario').hidden = true;
  await Promise.all([showClock(), showScript()]);
  stream = new EventSource(control + '/events');
  stream.addEventListener('exchange', arrived);
  stream.addEventListener('open', () => {
    tell('live');
    attempt(() => Promise.all([showClock(), showScript()]));  // both change without requests, too
  });
  stream.addEventListener('error', () => {
    if (stream.readyState === EventSource.CLOSED) tell('the issuer is gone; choose another');
  });
}

// Fills the list again; what is chosen stays chosen.
async function listIssuers() {
  const {issuers} = await call('GET', '/v1/issuers');
  const chosen = find('issuer').value;
  find('issuer').replaceChildren(...issuers.map(issuer => {
    const option = element('option', issuer.name, {value: issuer.control, 'data-url': issuer.issuer});
    option.selected = issuer.control === chosen;
    return option;
  }));
  if (issuers.length === 0) tell('there is no issuer');
}

async function chooseSelected() {
  const [option] = find('issuer').selectedOptions;
  if (option) await choose(option.value, option.dataset.url);
}

find('advance').addEventListener('submit', event => {
  event.preventDefault();
  attempt(async () => {
    await call('POST', control + '/clock/advance', {seconds: Number(find('seconds').value)});
    await showClock();
  });
});

find('copy').addEventListener('click', () => attempt(async () => {
  const area = find('scenario');
  area.value = await call('GET', control + '/scenario');
  area.hidden = false;
  area.select();
  // The clipboard may be closed to the page; the text is selected all the same.
  await navigator.clipboard.writeText(area.value).then(() => tell('copied'), () => tell('selected: copy it'));
}));

find('issuer').addEventListener('focus', () => attempt(listIssuers));
find('issuer').addEventListener('change', () => attempt(chooseSelected));

attempt(async () => {
  await listIssuers();
  await chooseSelected();
});
