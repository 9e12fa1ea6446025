"""Who is who: people across years and files, schools across names."""
