vcl 4.1;

# Varnish with the module xkey (Debian: varnish-modules) in front of Courant, as courant.vcl says, which lies beside this file.
#
#   courant serve --purge varnish-xkey --purge-url http://127.0.0.1:80/ --trusted-proxies 127.0.0.1 --shared-max-age 3600

import xkey;

include "./courant.vcl";

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ purgers) {
            return (synth(403, "Forbidden"));
        }
        if (!req.http.Xkey-Purge) {
            return (synth(400, "No names to throw away by"));
        }
        return (synth(200, "Purged " + xkey.purge(req.http.Xkey-Purge)));
    }
}

sub vcl_backend_response {
    # The module reads names in a header of its own.
    set beresp.http.xkey = beresp.http.Surrogate-Key;
}

sub vcl_deliver {
    unset resp.http.xkey;
}
