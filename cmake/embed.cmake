# Writes INPUT as a C++ string constant SYMBOL into OUTPUT. Run by assay_embed.
file(READ ${INPUT} text HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${text}")
file(WRITE ${OUTPUT} "#include <string_view>
namespace {
constexpr unsigned char kBytes[] = {${bytes}0};
}
namespace assay::embedded {
extern const std::string_view ${SYMBOL};
const std::string_view ${SYMBOL}{reinterpret_cast<const char*>(kBytes), sizeof kBytes - 1};
}
")
