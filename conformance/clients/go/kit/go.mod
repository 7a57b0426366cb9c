module assay.invalid/kit

go 1.25
