"use strict";

// The two charts that stand beside the summary: who ranks best, who sells most.
souk.at_a_glance = () => {
  const offline = souk.headline(souk.metrics({stage: "offline"}));
  const online = ["revenue_per_user", "purchases_per_user"].find(metric =>
    souk.online({group: "all", metric}).length > 0);
  const chart = (stage, metric, note, unit) => metric === undefined ? null
    : souk.interval_chart({title: souk.title(metric), note, unit,
        rows: souk.means({stage, group: "all", metric}).sort((a, b) => b.mean - a.mean)});
  return souk.element("aside", {"aria-label": "At a glance"},
    chart("offline", offline, "held-out users", "user"),
    chart("online", online, "simulated shoppers", "world"));
};
