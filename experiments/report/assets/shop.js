"use strict";

// What synthetic shoppers did under each policy.
souk.shop = () => {
  const everybody = souk.online({group: "all"});
  const metrics = souk.unique(everybody.map(row => row.metric));
  if (metrics.length === 0) return null;
  const all = metric => everybody.filter(row => row.metric === metric);
  const policies = souk.unique(everybody.map(row => row.model)).sort(souk.order);
  const worlds = d3.max(everybody, row => row.n);

  const panel = metric => souk.interval_chart({title: souk.title(metric),
    note: souk.subtitle(metric), unit: "world",
    rows: all(metric).sort((a, b) => souk.order(a.model, b.model))});
  const panels = wanted => {
    // What never happens is no news: published models have no carts.
    const there = wanted.filter(metric => all(metric).some(row => row.mean !== 0));
    return there.length > 0 ? souk.panels(...there.map(panel)) : null;
  };

  const funnel = () => {
    const stages = {clicked: "click_through_rate", "in cart": "carts_per_impression",
                    bought: "purchases_per_impression", kept: "kept_per_impression"};
    if (!Object.values(stages).every(metric => metrics.includes(metric))) return null;
    const per_thousand = (x, row) => ({x, y: 1000 * row.mean, low: 1000 * row.low,
                                       high: 1000 * row.high});
    const points = policy => Object.entries(stages)
      .map(([x, metric]) => [x, all(metric).find(row => row.model === policy)])
      .filter(([, row]) => row && row.mean > 0).map(([x, row]) => per_thousand(x, row));
    return souk.line_chart({title: "Funnel", logarithmic: true, height: 300,
      note: "what becomes of 1,000 items shown, on a logarithmic scale", with_legend: true,
      x_label: "stage", format_x: stage => stage, places: ["shown", ...Object.keys(stages)],
      series: policies.map(policy => ({name: policy,
        points: [{x: "shown", y: 1000, low: 1000, high: 1000}, ...points(policy)]}))
        .filter(each => each.points.length > 1)});
  };

  const days = souk.groups({stage: "online"}).filter(group => group.startsWith("day="));
  const day_metrics = souk.unique(souk.means({stage: "online"})
    .filter(row => row.group.startsWith("day=")).map(row => row.metric));
  const over_time = metric => souk.line_chart({title: `${souk.title(metric)} by day`,
    note: worlds > 1 ? `means over ${worlds} worlds with 95% intervals` : "one world",
    x_label: "day", height: 300, with_legend: true,
    series: policies.map(policy => ({name: policy, points: souk.means({stage: "online",
      metric, model: policy}).filter(row => row.group.startsWith("day="))
      .map(row => ({x: Number(row.group.slice(4)), y: row.mean, low: row.low,
                    high: row.high})).sort((a, b) => a.x - b.x)}))
      .filter(each => each.points.length > 0)});
  const daily = ["sessions", "purchases", "revenue", "clicks", "conversion",
                 "satisfaction", "regret"].filter(metric => day_metrics.includes(metric));

  const shared_out = /^ +design: ab\b/m.test(souk.configuration || "");
  const who_met_whom = shared_out ? "Shoppers were shared out among the policies"
                                  : "Every policy met the same shoppers";

  return {id: "shop", title: "The shop", content: [
    souk.element("p", {}, who_met_whom + (worlds > 1
      ? ` in ${worlds} worlds; intervals are over worlds.`
      : " in one world, so there are no intervals.")),
    panels(["revenue_per_user", "purchases_per_user", "conversion"]),
    funnel(),
    panels(["clicks_per_session", "click_through_rate", "cart_rate", "purchase_rate",
            "return_rate", "slate_click_rate"]),
    ...(days.length > 1 && daily.length > 0 ? [souk.element("h3", {}, "Over time"),
      ...souk.choice({label: "By day", options: daily, initial: daily[0],
                      name_of: souk.title, draw: over_time})] : []),
    souk.element("h3", {}, "Contentment"),
    panels(["satisfaction", "churn", "regret", "expected_slate_value", "rating",
            "sessions_per_user"]),
    souk.shop_details(metrics, policies, all)].filter(part => part)};
};

// All metrics of all policies, and all comparisons, for whoever wants to know.
souk.shop_details = (metrics, policies, all) => {
  const compared = souk.select({stage: "online", group: "all"})
    .filter(row => row.against !== "");
  const gains = new Map(compared.filter(row => row.metric.endsWith("_variance_gain"))
    .map(row => [[row.metric, row.model, row.against].join(), row.mean]));
  const pairs = compared.filter(row => !row.metric.endsWith("_variance_gain"));
  const gain_of = row => {
    const gain = gains.get([`${row.metric}_variance_gain`, row.model, row.against].join());
    return souk.number_cell(gain === undefined ? "–" : d3.format(".0%")(gain));
  };
  const table = souk.table({caption: "Means over worlds with 95% intervals",
    head: ["Metric", ...policies],
    rows: metrics.map(metric => [souk.title(metric), ...policies.map(policy =>
      souk.mean_cell(all(metric).find(row => row.model === policy)))])});
  return souk.element("div", {}, souk.details("All metrics", table),
    pairs.length > 0 ? souk.details("Comparisons of policies in the same worlds",
      souk.table({caption: "Paired t intervals, p values corrected after Holm, and the "
          + "share of variance that meeting the same shoppers took away",
        head: ["Metric", "Compared", "Difference", "95% interval", "p (Holm)",
               "Variance gained", "Worlds"],
        rows: pairs.map(row => [souk.title(row.metric), `${row.model} − ${row.against}`,
          souk.number_cell(souk.number(row.mean)),
          souk.number_cell(souk.interval(row) || "–"),
          souk.number_cell(souk.p_value(row.p)), gain_of(row),
          souk.number_cell(souk.count(row.n))])})) : null);
};
