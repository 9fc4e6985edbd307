// Draws every figure.picture from the table in it, with Chart.js: what the picture shows is what the table says.
// Colours come from the stylesheet, anew when the screen turns dark and before it is printed; no two series differ by
// colour alone: areas and bars have patterns, lines have dashes.
"use strict";
(() => {
  const drawn = new Map();
  const DASHES = { even: [7, 5], pace: [2, 4] };
  const POINTS = { pointRadius: 0, pointHoverRadius: 0, pointHitRadius: 8 };

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  }

  // Strokes of the paper's colour over a series' own: none, rising, falling, upright; strokes alone for what is only expected.
  function pattern(look) {
    const place = ["c0", "c1", "c2", "c3"].indexOf(look);
    const paint = colour(look);
    if (place === 0) return paint;
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = place < 0 ? colour("card") : paint;
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = place < 0 ? paint : colour("card");
    pen.lineWidth = place < 0 ? 2 : 1.4;
    pen.beginPath();
    const ways = { 1: [[0, 8, 8, 0], [-2, 2, 2, -2], [6, 10, 10, 6]], 2: [[0, 0, 8, 8], [-2, 6, 2, 10], [6, -2, 10, 2]], 3: [[4, 0, 4, 8]] };
    for (const [left, top, right, bottom] of ways[place < 0 ? 1 : place]) {
      pen.moveTo(left, top);
      pen.lineTo(right, bottom);
    }
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  }

  function series(table) {
    const rows = [...table.tBodies[0].rows];
    const heads = [...table.tHead.rows[0].cells];
    return {
      labels: rows.map((row) => row.cells[0].textContent.trim()),
      columns: heads
        .map((head, place) => ({ head, place }))
        .filter(({ head }) => head.dataset.drawn)
        .map(({ head, place }) => {
          const [kind, look, together] = head.dataset.drawn.split(" ");
          const numbers = rows.map((row) => {
            const number = Number.parseFloat(row.cells[place].textContent);
            return Number.isNaN(number) ? null : number;
          });
          return { kind, look, together, numbers, label: head.textContent.trim() };
        }),
    };
  }

  function dataset({ kind, look, together, numbers, label }, place) {
    if (kind === "line") {
      const paint = colour(look === "pace" ? "missing" : "soft");
      return { ...POINTS, type: "line", label, data: numbers, borderColor: paint, backgroundColor: paint, borderDash: DASHES[look], borderWidth: 2, stack: label, pointStyle: "line", order: 0 };
    }
    if (kind === "area") {
      return { ...POINTS, type: "line", label, data: numbers, fill: place ? "-1" : "origin", backgroundColor: pattern(look), borderColor: colour(look), borderWidth: 1, stack: "area", pointStyle: "rect", order: 1 + place };
    }
    const expected = look === "pace";
    const fills = expected && { true: pattern("missing"), false: pattern("expected") };
    const edges = expected && { true: colour("missing"), false: colour("expected") };
    return {
      label,
      data: numbers,
      backgroundColor: expected ? numbers.map((number) => fills[number < 100]) : pattern(look),
      borderColor: expected ? numbers.map((number) => edges[number < 100]) : colour(look),
      borderWidth: expected ? 1 : 0,
      barPercentage: expected ? 1 : 0.62,
      categoryPercentage: 0.86,
      grouped: false,
      stack: together ?? label,
      pointStyle: "rect",
      order: expected ? 2 : 1,
    };
  }

  // The legend shows the dashes of a line too.
  function generateLabels(chart) {
    const labels = Chart.defaults.plugins.legend.labels.generateLabels(chart);
    return labels.map((one) => ({ ...one, lineDash: chart.data.datasets[one.datasetIndex].borderDash ?? [] }));
  }

  function options(figure, labels) {
    const across = figure.dataset.shape === "bars";
    const body = getComputedStyle(document.body);
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const font = { family: body.fontFamily, size: (figure.closest(".far-away") ? 1.15 : 0.82) * rem };
    const ticks = { color: colour("ink"), font };
    const unit = figure.dataset.unit;
    const said = (number) => `${number}${unit}`;
    const counted = { beginAtZero: true, grid: { color: colour("hair") }, border: { display: false }, ticks: { ...ticks, color: colour("soft"), callback: said, maxTicksLimit: 6 } };
    if (unit === "%") counted.max = 100;
    // On a telephone a long name would push the bars off the screen; the table has it whole.
    function brief(place) {
      const label = labels[place];
      return this.chart.width < 480 && label.length > 9 ? `${label.slice(0, 8)}…` : label;
    }
    const named = { grid: { display: false }, border: { color: colour("line") }, ticks: { ...ticks, autoSkip: !across, callback: brief } };
    return {
      indexAxis: across ? "y" : "x",
      scales: across ? { x: { ...counted, stacked: true, position: "top" }, y: { ...named, stacked: true } } : { x: named, y: { ...counted, stacked: true } },
      animation: false,
      layout: { padding: { left: 6, right: 6 } },
      responsive: true,
      maintainAspectRatio: false,
      devicePixelRatio: Math.max(2, window.devicePixelRatio),
      interaction: { mode: "index", axis: across ? "y" : "x", intersect: false },
      plugins: {
        legend: { position: "top", align: "start", labels: { color: colour("ink"), font, usePointStyle: true, pointStyleWidth: 2 * font.size, boxHeight: 0.8 * font.size, generateLabels } },
        tooltip: { titleFont: font, bodyFont: font, callbacks: { label: (one) => `${one.dataset.label} ${said(across ? one.parsed.x : one.parsed.y)}` } },
      },
    };
  }

  function draw(figure) {
    const table = figure.querySelector("table");
    if (!table || !table.tBodies[0].rows.length) return;
    let canvas = figure.querySelector("canvas");
    const { labels, columns } = series(table);
    if (!canvas) {
      const frame = document.createElement("div");
      frame.className = "frame";
      canvas = document.createElement("canvas");
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", figure.dataset.name);
      if (figure.dataset.shape === "bars") frame.style.height = `${64 + 22 * labels.length}px`;
      frame.append(canvas);
      figure.prepend(frame);
      figure.querySelector("details").open = false;
    }
    drawn.get(figure)?.destroy();
    drawn.set(figure, new Chart(canvas, { type: figure.dataset.shape === "bars" ? "bar" : "line", data: { labels, datasets: columns.map(dataset) }, options: options(figure, labels) }));
  }

  function all() {
    for (const figure of drawn.keys()) {
      if (!figure.isConnected) {
        drawn.get(figure).destroy();
        drawn.delete(figure);
      }
    }
    document.querySelectorAll("figure.picture").forEach(draw);
  }

  // On paper: dark on white, as wide as the page, with its numbers below.
  function paper(printing) {
    document.documentElement.classList.toggle("paper", printing);
    all();
    for (const figure of drawn.keys()) figure.querySelector("details").open = printing;
  }

  all();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
  addEventListener("beforeprint", () => paper(true));
  addEventListener("afterprint", () => paper(false));
  document.addEventListener("htmx:afterSettle", all);
})();
