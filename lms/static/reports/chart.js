// Draws what a table says, so that picture and figures cannot differ: the first column along the
// bottom, the columns named by data-bars and data-lines above it. The table is the truth and what a
// screen reader reads; the picture is beside it. A dash is no figure, and nothing is drawn for it.
// data-colours names others than these, in the order of the columns.
const COLOURS = "smart-tech digital-life science";

for (const box of document.querySelectorAll("[data-chart]")) draw(box);

function draw(box) {
  const table = document.getElementById(box.dataset.chart);
  const bars = columns(table, box.dataset.bars);
  const lines = columns(table, box.dataset.lines);
  if (!bars.concat(lines).some((column) => column.figures.some((figure) => figure))) return;
  box.hidden = false;
  box.closest("[data-months]").classList.add("months--drawn");
  const style = getComputedStyle(document.body);
  const colour = (name) => style.getPropertyValue(name).trim();
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.9;
  const words = { color: colour("--ink"), fontFamily: style.fontFamily, fontSize: size };
  const chart = window.echarts.init(box, null, { renderer: "svg" });
  chart.setOption({
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 300,
    color: (box.dataset.colours || COLOURS).split(" ").map((name) => colour(`--${name}`)),
    textStyle: words,
    grid: { left: 4, right: 8, top: size * 3, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, itemHeight: size * 0.8, textStyle: words },
    // Not as HTML, whose inline styles our Content-Security-Policy refuses.
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, textStyle: words },
    xAxis: {
      type: "category",
      data: column(table, 0).map(shortened),
      axisLabel: words,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("--ink") } },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      axisLabel: words,
      splitLine: { lineStyle: { color: colour("--raised") } },
    },
    series: [
      ...bars.map(({ name, figures }) => ({
        type: "bar",
        name,
        data: figures,
        barMaxWidth: size * 2,
        stack: "stacked" in box.dataset ? "all" : undefined,
        itemStyle: lines.length ? { opacity: 0.4 } : {}, // so that a line over it stands out
      })),
      ...lines.map(({ name, figures }) => ({
        type: "line",
        name,
        data: figures,
        symbol: "circle",
        symbolSize: size * 0.5,
        lineStyle: { width: 3 },
      })),
    ],
  });
  new ResizeObserver(() => chart.resize()).observe(box);
}

/** Those of the named columns that the table has. */
function columns(table, keys) {
  const heads = [...table.querySelectorAll("th[data-key]")];
  return (keys || "").split(" ").filter(Boolean)
    .map((key) => heads.findIndex((head) => head.dataset.key === key))
    .filter((index) => index > 0)
    .map((index) => ({ name: heads[index].textContent, figures: column(table, index).map(figure) }));
}

function column(table, index) {
  return [...table.tBodies[0].rows].map((row) => row.cells[index].textContent.trim());
}

function figure(words) {
  const number = Number(words.replace(/[,%]/g, ""));
  return words && !Number.isNaN(number) ? number : null;
}

/** The year is said once, by the first month and by each January. */
function shortened(label, place) {
  const [, year, month] = /^(\d+)年(\d+)月$/.exec(label) || [];
  if (!month) return label;
  return place === 0 || month === "1" ? `${month}月\n${year}` : `${month}月`;
}
