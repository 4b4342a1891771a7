# Writes the page's scripts and styles as C++ string literals. Arguments: D3_SCRIPT,
# SCRIPTS, STYLES, OUTPUT.
set(delimiter souk_asset)

function(literal name)
  set(text "")
  foreach(path IN LISTS ARGN)
    file(READ "${path}" content)
    # A script that holds the end of its own element would end it.
    if(content MATCHES "</[sS][cC][rR][iI][pP][tT]" OR content MATCHES "\\)${delimiter}\"")
      message(FATAL_ERROR "${path} cannot be embedded in a page")
    endif()
    # One literal per file: compilers limit their length.
    string(APPEND text "\n  R\"${delimiter}(${content})${delimiter}\"")
  endforeach()
  file(APPEND "${OUTPUT}.tmp" "\nconst std::string_view ${name} =${text};\n")
endfunction()

file(WRITE "${OUTPUT}.tmp"
  "#include \"experiments/report/assets.hpp\"\n\nnamespace souk::experiments::assets {\n")
literal(d3_script ${D3_SCRIPT})
literal(page_scripts ${SCRIPTS})
literal(page_styles ${STYLES})
file(APPEND "${OUTPUT}.tmp" "\n} // namespace souk::experiments::assets\n")
file(RENAME "${OUTPUT}.tmp" "${OUTPUT}")
