"""The pages that signed links lead to, and the form to subscribe: plain HTML that works without a script."""
