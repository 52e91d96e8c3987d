// The page of `rotation-monitor dashboards preview`: puts what the server drew into its places and draws the charts.
const { dashboard: name, refresh } = document.body.dataset;
const shown = new Map();

async function update() {
  const response = await fetch(`/api/dashboards/${name}`);
  const { widgets, fault, status, inbox } = await response.json();
  document.querySelector('#status').textContent = status;
  const section = document.querySelector('#dashboard');
  if (fault !== undefined) {
    section.textContent = fault;
    return;
  }
  for (const [index, widget] of widgets.entries()) updateWidget(section, widget, index);
  updateInbox(inbox);
  document.body.dataset.drawn = 'true';
}

function updateWidget(section, widget, index) {
  const known = shown.get(index);
  const text = JSON.stringify(widget);
  if (known?.text === text) return;
  const element = known?.element ?? section.appendChild(document.createElement('div'));
  const { type, title, x, y, width, height, isEmpty, html, chart } = widget;
  element.className = `widget shows-${type}${isEmpty ? ' empty' : ''}`;
  element.style.gridArea = `${y + 1} / ${x + 1} / span ${height} / span ${width}`;
  element.replaceChildren();
  if (title !== '') element.append(create('h3', 'title', title));
  const content = element.appendChild(create('div', 'content'));
  if (chart !== undefined) drawChart(content, chart);
  else content.innerHTML = html ?? '';
  for (const frame of content.querySelectorAll('iframe'))
    frame.addEventListener('load', () => fitHeight(frame));
  shown.set(index, { text, element });
}

/** Gives a frame the height of what stands in it, so that it needs no scroll bar of its own. */
function fitHeight(frame) {
  frame.style.height = `${frame.contentDocument.documentElement.scrollHeight}px`;
}

function create(tag, className, text = '') {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function drawChart(content, { times, lines, from, to, min, max, hasLegend }) {
  const chart = content.appendChild(create('div', 'chart'));
  const plot = chart.appendChild(create('div', 'plot'));
  if (hasLegend) chart.append(legendOf(lines));
  const size = { width: plot.clientWidth, height: plot.clientHeight };
  const options = {
    ...size,
    legend: { show: false },
    cursor: { y: false },
    scales: { x: { range: () => [from, to] }, y: { range: (_, low, high) => ends(low, high, min, max) } },
    axes: [
      { grid: { show: false }, values: (_, times) => times.map(timeText(to - from)) },
      { size: 56, values: (_, values) => values.map(numberText) },
    ],
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    series: [{}, ...lines.map(({ label, color }) => ({ label, stroke: color, width: 1.5, spanGaps: true }))],
  };
  new uPlot(options, [times, ...lines.map(({ values }) => values)], plot);
}

function legendOf(lines) {
  const legend = create('div', 'legend');
  for (const { label, color } of lines) {
    const entry = legend.appendChild(create('span', 'entry'));
    entry.appendChild(document.createElement('i')).style.background = color;
    entry.append(label);
  }
  return legend;
}

/** Days where days are shown, hours where hours are; in UTC. */
function timeText(seconds) {
  const style =
    seconds > 2 * 86_400 ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit' };
  const format = new Intl.DateTimeFormat('en-GB', { ...style, timeZone: 'UTC' });
  return (time) => format.format(new Date(time * 1000));
}

function numberText(value) {
  return value.toLocaleString('en-GB', { maximumSignificantDigits: 3 });
}

/** The ends of the axis: as the widget says, else with some room around the values. */
function ends(low, high, min, max) {
  const bottom = min ?? low ?? 0;
  const top = max ?? (high > bottom ? high : bottom + 1);
  return [bottom, max === undefined ? top + (top - bottom) * 0.08 : top];
}

function updateInbox(html) {
  const inbox = document.querySelector('#inbox');
  if (inbox === null || inbox.dataset.text === html) return;
  const open = new Set([...inbox.querySelectorAll('details[open]')].map(({ dataset }) => dataset.key));
  inbox.innerHTML = html;
  inbox.dataset.text = html;
  for (const mail of inbox.querySelectorAll('details')) mail.open = open.has(mail.dataset.key);
}

async function keepUpdating() {
  try {
    await update();
  } catch {
    document.querySelector('#status').textContent = 'The preview has ended.';
  }
  setTimeout(keepUpdating, Number(refresh));
}

void keepUpdating();
