// Draws the rows of the timetable as bars from their beginning to the day they fall due, with a line
// for today. The table is the truth and what a screen reader reads; the picture is beside it. A row
// without a beginning is a mark on its day.
const COLOURS = { overdue: "--anti-fraud", soon: "--digital-life", running: "--science", closed: "--smart-tech" };
const DAY = 24 * 60 * 60 * 1000;

for (const box of document.querySelectorAll("[data-timetable]")) draw(box);

function draw(box) {
  const table = document.getElementById(box.dataset.timetable);
  const rows = [...table.tBodies[0].rows].map((row) => row.dataset);
  if (!rows.length || !window.matchMedia("(min-width: 700px)").matches) return; // on a phone no bar would be seen
  box.hidden = false;
  const style = getComputedStyle(document.body);
  const colour = (name) => style.getPropertyValue(name).trim();
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.9;
  const words = { color: colour("--ink"), fontFamily: style.fontFamily, fontSize: size };
  const today = Date.parse(box.dataset.today);
  const last = Math.max(today, ...rows.map((row) => Date.parse(row.due))) + 7 * DAY;
  const earliest = Math.min(today, ...rows.map((row) => Date.parse(row.starts || row.due))) - 7 * DAY;
  // A row without a beginning is as wide as can be seen.
  const starts = rows.map((row) => (row.starts ? Date.parse(row.starts) : Date.parse(row.due) + DAY - (last - earliest) / 80));
  const first = Math.min(earliest, ...starts);
  const kinds = Object.keys(COLOURS).filter((kind) => rows.some((row) => row.standing === kind));
  const chart = window.echarts.init(box, null, { renderer: "svg", height: size * (rows.length * 2.2 + 5) });
  chart.setOption({
    animation: false,
    textStyle: words,
    grid: { left: 4, right: size * 2, top: size * 3, bottom: size, containLabel: true },
    legend: { top: 0, left: 0, itemHeight: size * 0.8, textStyle: words, data: kinds.map((kind) => called(rows, kind)) },
    // Not as HTML, whose inline styles our Content-Security-Policy refuses.
    tooltip: { trigger: "item", renderMode: "richText", confine: true, textStyle: words, formatter: (bar) => said(rows[bar.dataIndex]) },
    xAxis: {
      type: "value",
      min: first,
      max: last,
      interval: Math.ceil((last - first) / 8 / DAY) * DAY,
      axisLabel: { ...words, formatter: (moment) => day(moment).slice(0, 7), hideOverlap: true, showMaxLabel: false },
      splitLine: { lineStyle: { color: colour("--raised") } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map((row) => row.name.trim()),
      axisLabel: { ...words, width: size * 18, overflow: "truncate" },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("--ink") } },
    },
    series: [
      // What is before the beginning, unseen, so that the bars behind it stand at their days.
      { type: "bar", stack: "time", silent: true, itemStyle: { color: "transparent" }, data: starts, barMaxWidth: size, tooltip: { show: false },
        markLine: {
          silent: true,
          symbol: "none",
          data: [{ xAxis: today }],
          lineStyle: { color: colour("--ink"), width: 2, type: "solid" },
          label: { ...words, formatter: box.dataset.todayWords, position: "start" },
        } },
      ...kinds.map((kind) => ({
        type: "bar",
        stack: "time",
        name: called(rows, kind),
        itemStyle: { color: colour(COLOURS[kind]) },
        data: rows.map((row, place) => (row.standing === kind ? Date.parse(row.due) + DAY - starts[place] : null)),
        barMaxWidth: size,
      })),
    ],
  });
  new ResizeObserver(() => chart.resize()).observe(box);
}

function called(rows, kind) {
  return rows.find((row) => row.standing === kind).standingWords;
}

function said(row) {
  return `${row.name.trim()}\n${row.starts ? `${row.starts} – ` : ""}${row.due}\n${row.standingWords}`;
}

function day(moment) {
  return new Date(moment).toISOString().slice(0, 10);
}
