/* Charts from data blocks: <div class="chart" data-chart="ID"> beside
   <script type="application/json" id="ID">{"labels": [...], "kind": "line"|"bar", "unit": "",
   "series": [{"name": "", "values": [...]}]}</script>. The table below each chart says the same. */
(function () {
  "use strict";
  var COLOURS = ["#33701a", "#8b938d", "#4c9a2a", "#59615b"];

  var option = function (data) {
    return {
      animation: false,
      color: COLOURS,
      textStyle: { fontFamily: "inherit", fontSize: 13 },
      grid: { left: 8, right: 16, top: data.series.length > 1 ? 36 : 12, bottom: 4, containLabel: true },
      legend: { show: data.series.length > 1, top: 0, left: 0, itemWidth: 16, icon: "roundRect", itemHeight: 3 },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, transitionDuration: 0 },
      xAxis: {
        type: "category", data: data.labels,
        axisTick: { show: false }, axisLine: { lineStyle: { color: "#c4cac0" } }, axisLabel: { color: "#59615b" }
      },
      yAxis: {
        type: "value", minInterval: 1,
        axisLabel: { color: "#59615b" }, splitLine: { lineStyle: { color: "#e8ebe6" } }
      },
      series: data.series.map(function (one, index) {
        return {
          name: one.name, data: one.values, type: one.kind || data.kind || "line",
          symbolSize: 5, barMaxWidth: 26, lineStyle: { width: 2, type: index === 1 ? "dashed" : "solid" },
          connectNulls: false
        };
      })
    };
  };

  var draw = function (place) {
    var block = document.getElementById(place.dataset.chart);
    if (!block || !window.echarts) return;
    var data = JSON.parse(block.textContent);
    var family = window.getComputedStyle(document.body).fontFamily;
    var settings = option(data);
    settings.textStyle.fontFamily = family;
    place.hidden = false;
    var chart = window.echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(settings);
    place.setAttribute("aria-hidden", "true");
    new ResizeObserver(function () { chart.resize(); }).observe(place);
  };

  document.querySelectorAll(".chart[data-chart]").forEach(draw);
})();
