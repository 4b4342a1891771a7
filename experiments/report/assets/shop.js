"use strict";

// What synthetic shoppers did under each policy.
souk.shop = () => {
  const metrics = souk.metrics({stage: "online", group: "all"})
    .filter(metric => !metric.endsWith("_variance_gain"));
  if (metrics.length === 0) return null;
  const all = metric => souk.means({stage: "online", group: "all", metric});
  const policies = souk.unique(souk.means({stage: "online", group: "all"})
    .map(row => row.model)).sort(souk.order);
  const worlds = d3.max(souk.means({stage: "online", group: "all"}), row => row.n);

  const panel = metric => souk.interval_chart({title: souk.title(metric),
    note: souk.subtitle(metric), unit: "world",
    rows: all(metric).sort((a, b) => souk.order(a.model, b.model))});
  const panels = wanted => {
    const there = wanted.filter(metric => metrics.includes(metric));
    return there.length > 0 ? souk.panels(...there.map(panel)) : null;
  };

  const value = (policy, metric) =>
    (all(metric).find(row => row.model === policy) || {mean: null}).mean;
  const funnel = () => {
    const rates = ["click_through_rate", "cart_rate", "purchase_rate"];
    if (!rates.every(metric => metrics.includes(metric))) return null;
    const stages = ["shown", "clicked", "in the cart", "bought", "kept"];
    const counts = policy => {
      const shares = [...rates.map(metric => value(policy, metric)),
                      1 - (value(policy, "return_rate") || 0)];
      return shares.reduce((sum, share) => [...sum, sum[sum.length - 1] * share], [1000]);
    };
    return souk.line_chart({title: "Funnel", logarithmic: true, height: 300,
      note: "what becomes of 1,000 items shown, on a logarithmic scale",
      x_label: "stage", format_x: stage => stage, places: stages,
      series: policies.map(policy => ({name: policy, points: counts(policy)
        .map((y, i) => ({x: stages[i], y})).filter(point => point.y > 0)}))});
  };

  const days = souk.groups({stage: "online"}).filter(group => group.startsWith("day="));
  const day_metrics = souk.unique(souk.means({stage: "online"})
    .filter(row => row.group.startsWith("day=")).map(row => row.metric));
  const over_time = metric => souk.line_chart({title: `${souk.title(metric)} by day`,
    note: worlds > 1 ? `means over ${worlds} worlds with 95% intervals` : "one world",
    x_label: "day", from_zero: ["sessions", "purchases", "revenue"].includes(metric),
    height: 300,
    series: policies.map(policy => ({name: policy, points: souk.means({stage: "online",
      metric, model: policy}).filter(row => row.group.startsWith("day="))
      .map(row => ({x: Number(row.group.slice(4)), y: row.mean, low: row.low,
                    high: row.high})).sort((a, b) => a.x - b.x)}))
      .filter(each => each.points.length > 0)});
  const daily = ["sessions", "purchases", "revenue", "clicks", "conversion",
                 "satisfaction"].filter(metric => day_metrics.includes(metric));

  return {id: "shop", title: "The shop", content: [
    souk.element("p", {}, worlds > 1
      ? `Every policy met the same shoppers in ${worlds} worlds; intervals are over worlds.`
      : "Every policy met the same shoppers in one world, so there are no intervals."),
    souk.legend(policies),
    panels(["revenue_per_user", "purchases_per_user", "conversion"]),
    funnel(),
    panels(["click_through_rate", "cart_rate", "purchase_rate", "return_rate"]),
    ...(days.length > 1 && daily.length > 0 ? [souk.element("h3", {}, "Over time"),
      ...souk.choice({label: "By day", options: daily, initial: daily[0],
                      name_of: souk.title, draw: over_time})] : []),
    souk.element("h3", {}, "Contentment"),
    panels(["satisfaction", "churn", "regret", "expected_slate_value", "rating",
            "clicks_per_session"]),
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
