"use strict";

// What the page shows, and how everything in it is named, numbered and coloured.
const souk = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const fields = ["stage", "model", "metric", "group", "mean", "low", "high", "n",
                  "against", "p", "measured"];
  const rows = data.rows.map(values =>
    Object.fromEntries(fields.map((field, i) => [field, values[i]])));

  // Models first, then policies, so that both have one colour wherever they appear.
  const stages = ["training", "offline", "cold_start", "replay", "online"];
  const names = [];
  const remember = name => { if (!names.includes(name)) names.push(name); };
  // Rows of these are of the data, and of all policies together: they are no policies.
  const is_policy = name => name !== "real" && name !== "all";
  data.curves.forEach(curve => remember(curve.model));
  stages.forEach(stage => rows.filter(row => row.stage === stage && is_policy(row.model))
    .forEach(row => remember(row.model)));

  if (data.plan) data.plan.steps.forEach(step => remember(step.method));
  // What was measured looks like what was predicted, but for its mark.
  const is_measured = name => name.endsWith(", measured");

  const titles = {
    loss: ["Loss by step", "negative log-likelihood, nats per user"],
    epoch_loss: ["Training loss", "negative log-likelihood, nats per user"],
    epoch_divergence: ["Divergence from the prior", "KL, nats per user"],
    click_through_rate: ["Click-through", "clicks per item shown"],
    slate_click_rate: ["Clicks per slate", "of those shown"],
    cart_rate: ["Into the cart", "carts per click"],
    purchase_rate: ["Bought", "purchases per cart"],
    return_rate: ["Sent back", "returns per purchase"],
    conversion: ["Conversion", "sessions that buy"],
    revenue_per_user: ["Revenue per user", "in the shop's currency"],
    purchases_per_user: ["Purchases per user", "over the whole run"],
    sessions_per_user: ["Sessions per user", "over the whole run"],
    clicks_per_session: ["Clicks per session", "items opened"],
    satisfaction: ["Satisfaction", "at the end of sessions, 0 to 1"],
    churn: ["Churn", "users who left for good"],
    regret: ["Regret", "slate value short of the reference's"],
    expected_slate_value: ["Expected slate value", "chance that something is opened"],
    rating: ["Rating", "mean stars given"],
    ndcg: ["ndcg of slates", "against the reference's best slate"],
    gini: ["Gini of clicks", "0: all items alike, 1: one item has all"],
    purchase_gini: ["Gini of purchases", "0: all items alike, 1: one item has all"],
    popularity_share: ["Clicks", ""],
    purchase_popularity_share: ["Purchases", ""],
    carts_per_impression: ["Carts per item shown", ""],
    purchases_per_impression: ["Purchases per item shown", ""],
    kept_per_impression: ["Kept per item shown", "purchases less returns"],
    history: ["By how much the shop knows", "items that the user had opened before"],
    item_age: ["By the item's age", "days since its launch"],
    user: ["Newcomers and regulars", ""],
  };
  // Yardsticks look alike in every run; all others take colours and symbols in turn.
  const yardsticks = {random: {series: "series-random", symbol: "cross"},
                      reference: {series: "series-reference", symbol: "diamond"},
                      real: {series: "series-real", symbol: "circle"}};
  const symbols = ["circle", "square", "triangle-up", "triangle-down", "diamond"];
  const number_of = name => Math.max(0, names.filter(each => !(each in yardsticks))
    .indexOf(name.replace(/, measured$/, "")));

  const measure = document.createElement("canvas").getContext("2d");
  const text_width = text => {
    measure.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    return measure.measureText(text).width;
  };

  const plain = text => text.replace(/_/g, " ");
  // Ranking metrics are written as in the file that asked for them.
  const capital = text => text.includes("@") ? text
    : text.charAt(0).toUpperCase() + text.slice(1);

  const significant = value => {
    const size = Math.abs(value);
    if (value === null || Number.isNaN(value)) return "–";
    if (size >= 1000) return d3.format(",.0f")(value);
    if (size >= 10) return d3.format(".1f")(value);
    if (size >= 1) return d3.format(".2f")(value);
    if (size >= 0.001 || size === 0) return d3.format(".4f")(value);
    return d3.format(".2g")(value);
  };

  const select = wanted => rows.filter(row => row.mean !== null && !row.measured
    && Object.keys(wanted).every(field => row[field] === wanted[field]));
  const unique = values => values.filter((value, i) => values.indexOf(value) === i);
  const has_interval = row => row.low !== null && row.high !== null && row.low < row.high;

  return {
    manifest: data.manifest,
    configuration: data.configuration,
    curves: data.curves,
    work: data.work || [],
    plan: data.plan || null,
    rows,
    select,
    unique,
    has_interval,
    means: wanted => select(Object.assign({against: ""}, wanted)),
    // Means of policies in the simulated shop.
    online: wanted => select(Object.assign({stage: "online", against: ""}, wanted))
      .filter(row => is_policy(row.model)),
    is_yardstick: name => name in yardsticks,
    kind: group => group.split("=")[0],
    part: group => group.slice(group.indexOf("=") + 1),
    metrics: wanted => unique(select(Object.assign({against: ""}, wanted))
      .map(row => row.metric)),
    groups: wanted => unique(select(wanted).map(row => row.group)),
    order: (a, b) => names.indexOf(a) - names.indexOf(b),
    series: name => name in yardsticks ? yardsticks[name].series
      : `series-${number_of(name) % 7}`,
    symbol: name => is_measured(name) ? "cross"
      : name in yardsticks ? yardsticks[name].symbol
      : symbols[number_of(name) % symbols.length],
    text_width,
    // As much of a text as there is room for, in pixels.
    shortened: (text, room) => {
      let kept = text;
      while (kept.length > 1 && text_width(kept === text ? kept : `${kept}…`) > room)
        kept = kept.slice(0, -1);
      return kept === text ? text : `${kept}…`;
    },
    title: metric => titles[metric] ? titles[metric][0] : capital(plain(metric)),
    subtitle: metric => titles[metric] ? titles[metric][1] : "",
    number: significant,
    count: d3.format(",.0f"),
    change: share => Math.abs(share) < 0.005 ? "0%" : d3.format("+.0%")(share),
    p_value: p => p === null ? "–" : p < 0.001 ? "< 0.001" : d3.format(".3f")(p),
    interval: row => has_interval(row)
      ? `${significant(row.low)} to ${significant(row.high)}` : "",
    // The metric that a stage opens with: the one that its summary tells of.
    headline: metrics => metrics.find(metric => metric.startsWith("ndcg@")) || metrics[0],
  };
})();
