"""Running notebooks: parameters, kernels, staging, manifest, schedule."""
