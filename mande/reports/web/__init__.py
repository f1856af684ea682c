"""Reports as web pages, with the charts and the tables of the PDF, and each chart as a file for slides."""
