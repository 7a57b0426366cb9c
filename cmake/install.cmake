# The libraries for other projects: find_package(assay) gives them assay::oidc, assay::auth_core and
# assay::mock_server. The programs are installed by their own folders.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/assay)
# The warnings are nobody else's; the libraries only name them.
install(TARGETS oidc auth_core mock_server assay_warnings EXPORT assay COMPONENT library)
install(EXPORT assay NAMESPACE assay:: FILE assayTargets.cmake DESTINATION ${package} COMPONENT library)
foreach(folder oidc auth-core mock-server)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/${folder}/include/ DESTINATION include/assay COMPONENT library)
endforeach()

configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/assayConfig.cmake.in ${CMAKE_BINARY_DIR}/assayConfig.cmake
                              INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/assayConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/assayConfig.cmake ${CMAKE_BINARY_DIR}/assayConfigVersion.cmake
        DESTINATION ${package} COMPONENT library)
