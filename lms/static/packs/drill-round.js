// A round of the drill, as courses/drill.py draws and counts it. Its whole state is in the address;
// what is shown was made when the stick was: each message as a question and as explained, the end.

const HIGHEST_SEED = 9999;
const MOST_HANDS = 999;
const ANSWERS = ['scam', 'genuine', 'unsure'];
const box = document.querySelector('[data-drill-data]');
const drill = box ? JSON.parse(box.textContent) : null;

// The same numbers from the same seed (mulberry32).
function diceOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled(things, dice) {
  const left = things.slice();
  for (let last = left.length - 1; last > 0; last -= 1) {
    const other = Math.floor(dice() * (last + 1));
    [left[last], left[other]] = [left[other], left[last]];
  }
  return left;
}

// Some of the messages in an order of their own, about as much of each kind as there is.
function draw(seed) {
  const dice = diceOf(seed);
  const genuine = drill.items.filter((item) => !item.scam);
  const scams = drill.items.filter((item) => item.scam);
  const length = Math.min(drill.length, drill.items.length);
  const share = Math.round((length * genuine.length) / drill.items.length);
  const drawn = shuffled(genuine, dice).slice(0, share).concat(shuffled(scams, dice).slice(0, length - share));
  return shuffled(drawn, dice);
}

function talliesOf(words) {
  return /^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(-[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})*$/.test(words)
    ? words.split('-').map((one) => one.split('.').map(Number)) : [];
}

function roundOf(query) {
  const whole = (name) => (/^[0-9]{1,4}$/.test(query.get(name) || '') ? Number(query.get(name)) : 0);
  const seed = whole('round');
  if (!seed) return null;
  const items = draw(seed);
  let said = talliesOf(query.get('said') || '');
  let number = whole('n') || 1;
  if ((said.length !== number - 1 && said.length !== number) || number > items.length + 1) [number, said] = [1, []];
  const [hands] = talliesOf(query.get('hands') || '').concat([[0, 0, 0]]);
  return { seed, items, number, said: said.slice(0, items.length), class: query.get('class') === '1', hands };
}

function address(round, { number, said, hands }) {
  const parts = ['round=' + round.seed, 'n=' + number];
  if (round.class) parts.push('class=1');
  if (said.length) parts.push('said=' + said.map((tally) => tally.join('.')).join('-'));
  if (hands) parts.push('hands=' + hands.join('.'));
  return '?' + parts.join('&');
}

function answered(round, tally) {
  return address(round, { number: round.number, said: round.said.concat([tally]) });
}

function lead(page, name, url) {
  page.querySelector('[data-name="' + name + '"]').setAttribute('href', url);
}

function ask(round, page) {
  ANSWERS.forEach((answer, place) => lead(page, answer, answered(round, [0, 1, 2].map((one) => Number(one === place)))));
}

function countHands(round, page) {
  const { hands, number, said } = round;
  page.querySelector('[data-hands]').dataset.hands = hands.join('.');
  ANSWERS.forEach((answer, place) => {
    page.querySelector('[data-counter="' + place + '"] .hand__count').textContent = hands[place];
    for (const [name, step] of [['fewer', -1], ['more', 1]]) {
      const next = hands.slice();
      next[place] = Math.max(0, Math.min(next[place] + step, MOST_HANDS));
      lead(page, answer + '-' + name, address(round, { number, said, hands: next }));
    }
  });
  lead(page, 'reveal', answered(round, hands));
}

function explain(round, page) {
  const { number, said, items } = round;
  lead(page, 'next', address(round, { number: number + 1, said }));
  const word = page.querySelector('[data-name="next"] .button__word');
  if (number === items.length) word.textContent = drill.words.last;
  const [tally] = said.slice(-1);
  Array.from(page.querySelectorAll('.shown-hands__count')).forEach((count, place) => { count.textContent = tally[place]; });
}

function end(round, page) {
  const { items, said, seed } = round;
  const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
  const wrong = (place) => (items[place].scam ? said[place][1] : said[place][0]);
  const of = (scam) => sum(items.map((item, place) => (item.scam === scam ? wrong(place) : 0)));
  const numbers = page.querySelectorAll('.score__number');
  [numbers[0].textContent, numbers[1].textContent] = [of(true), of(false)];
  const careful = sum(said.map((tally) => tally[2]));
  const praise = page.querySelector('.drill-end__careful');
  if (careful) praise.innerHTML = praise.innerHTML.replace('{number}', careful);
  else praise.parentNode.removeChild(praise);
  lead(page, 'again', '?round=' + ((seed % HIGHEST_SEED) + 1) + (round.class ? '&class=1' : ''));
  const wanted = [];
  items.forEach((item, place) => { if (wrong(place)) wanted.push(...item.lessons); });
  const shown = wanted.filter((key, place) => wanted.indexOf(key) === place && page.querySelector('[data-name="lesson-' + key + '"]'));
  const list = page.querySelector('.drill-end__lessons');
  if (!list) return;
  for (const link of Array.from(list.querySelectorAll('[data-name]'))) {
    const place = shown.indexOf(Number(link.dataset.name.slice(7)));
    if (place < 0 || place >= drill.lessons) list.removeChild(link.parentNode);
  }
  if (list.children.length) return;
  for (const part of [page.querySelector('.drill-end__label'), list]) part.parentNode.removeChild(part);
}

// What the address of a drill shows: {html, line}. null: elsewhere, and before a round.
export function drillAt(query) {
  const round = drill && roundOf(query);
  if (!round) return null;
  const { items, number, said } = round;
  const who = round.class ? 'class' : 'alone';
  const isDone = number > items.length;
  const item = items[number - 1];
  const isExplained = said.length === number;
  const hasMistake = items.some((one, place) => said[place] && (one.scam ? said[place][1] : said[place][0]));
  let show = round.class ? countHands : ask;
  let html;
  if (isDone) [html, show] = [drill.end[who][hasMistake ? 'mistaken' : 'clean'], end];
  else if (!isExplained) html = item.asked[who];
  else {
    const [tally] = said.slice(-1);
    html = round.class ? item.told.class : item.told[ANSWERS[tally.indexOf(1)] || 'unsure'];
    show = explain;
  }
  const page = new DOMParser().parseFromString(html, 'text/html');
  show(round, page);
  const line = isDone ? drill.words.introduction : drill.words.line.replace('{number}', number).replace('{all}', items.length);
  return { html: page.body.innerHTML, line };
}

// Where a round begins, it is another one each time.
export function startRounds() {
  if (!drill || drillAt(new URLSearchParams(window.location.search))) return;
  for (const link of document.querySelectorAll('main a[href^="?round="]')) {
    const seed = 1 + Math.floor(Math.random() * HIGHEST_SEED);
    link.setAttribute('href', link.getAttribute('href').replace(/round=[0-9]+/, 'round=' + seed));
  }
}
