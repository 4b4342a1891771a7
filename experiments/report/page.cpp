#include "experiments/report/page.hpp"

#include "experiments/report/assets.hpp"
#include "experiments/report/page_data.hpp"
#include "experiments/report/sentences.hpp"

namespace souk::experiments {

namespace {

constexpr std::string_view head = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<link rel="icon" href="data:,">
)";

constexpr std::string_view body = R"(
<noscript><p class="note">The charts and tables of this page are drawn by the script inside
it, which this browser does not run.</p></noscript>
<main id="content"></main>
<div id="tooltip" role="status" aria-live="polite" hidden></div>
)";

std::string element(const char* name, std::string_view content) {
  return std::string{"<"} + name + '>' + std::string{content} + "</" + name + ">\n";
}

/// What came out, in words: readable without any script.
std::string summary(const finished_run& run) {
  std::string paragraphs;
  for (const auto& sentence : sentences_of(run))
    paragraphs += element("p", in_html(sentence));
  return "<section id=\"summary\" aria-labelledby=\"summary-title\">\n"
         "<h2 id=\"summary-title\">What came out</h2>\n"
         + paragraphs + "</section>\n";
}

} // namespace

std::string in_html(std::string_view text) {
  std::string escaped;
  for (const auto letter : text) {
    switch (letter) {
    case '&':
      escaped += "&amp;";
      break;
    case '<':
      escaped += "&lt;";
      break;
    case '>':
      escaped += "&gt;";
      break;
    case '"':
      escaped += "&quot;";
      break;
    case '\'':
      escaped += "&#39;";
      break;
    default:
      escaped += letter;
    }
  }
  return escaped;
}

std::string in_script(std::string_view json) {
  // Outside its strings JSON has none of these letters, and inside an escape is the
  // same.
  std::string escaped;
  for (const auto letter : json) {
    if (letter == '<')
      escaped += "\\u003c";
    else if (letter == '>')
      escaped += "\\u003e";
    else if (letter == '&')
      escaped += "\\u0026";
    else
      escaped += letter;
  }
  return escaped;
}

std::string page_of(const finished_run& run) {
  std::string page{head};
  page += element("title", in_html(run.record.name) + " · souk");
  page += element("style", assets::page_styles);
  page += "</head>\n<body>\n<header id=\"top\">\n";
  page += element("h1", in_html(run.record.name));
  page += "<p class=\"provenance\">" + in_html(provenance_of(run)) + "</p>\n";
  page += "</header>\n<nav id=\"contents\" aria-label=\"Sections\"></nav>\n";
  page += summary(run);
  page += body;
  page += "<script type=\"application/json\" id=\"data\">"
          + in_script(page_data_of(run)) + "</script>\n";
  page += element("script", assets::d3_script);
  page += element("script", assets::page_scripts);
  page += "</body>\n</html>\n";
  return page;
}

} // namespace souk::experiments
