#pragma once

#include <string_view>

/// What a page is made of besides its data; written into the binary by the build.
namespace souk::experiments::assets {

/// D3 as Debian's libjs-d3 brings it (version 3; BSD-3-Clause), after its notice.
extern const std::string_view d3_script;

/// The page's own scripts, in the order in which they run.
extern const std::string_view page_scripts;

extern const std::string_view page_styles;

} // namespace souk::experiments::assets
