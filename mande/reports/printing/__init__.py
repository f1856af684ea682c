"""A document as pages: what its template needs beside the figures."""
