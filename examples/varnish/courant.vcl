vcl 4.1;

# Varnish in front of Courant: pages, and queries by GET, are kept until a change touches them.
#
#   varnishd -a :80 -f /etc/varnish/courant.vcl -s malloc,256m
#   courant serve --purge varnish-ban --purge-url http://127.0.0.1:80/ --trusted-proxies 127.0.0.1 --shared-max-age 3600
#
# With the module xkey, which finds what to throw away without looking through all that is kept, take xkey.vcl, which includes this.
# How long something is kept is Courant's `s-maxage`, and how much longer while a newer one is fetched its `stale-while-revalidate`.

backend default {
    .host = "127.0.0.1";
    .port = "8080";
    # Courant keeps idle connections for longer than Varnish does.
    .first_byte_timeout = 60s;
}

# Who may have things thrown away: the machines that Courant runs on.
acl purgers {
    "localhost";
}

sub vcl_recv {
    if (req.method == "BAN") {
        if (client.ip !~ purgers) {
            return (synth(403, "Forbidden"));
        }
        # Names are letters, digits, - and _, with | between them.
        if (req.http.Ban-Keys !~ "^[A-Za-z0-9_|-]+$") {
            return (synth(400, "No names to throw away by"));
        }
        # What is said of the object alone, so that Varnish can look through what it keeps in the background.
        ban("obj.http.Surrogate-Key ~ (^|\s)(" + req.http.Ban-Keys + ")(\s|$)");
        return (synth(200, "Banned"));
    }

    # Subscriptions over WebSocket.
    if (req.http.Upgrade ~ "(?i)websocket") {
        return (pipe);
    }

    # Courant sets no cookies and reads none; those of other programs on the site would keep everything from being kept.
    unset req.http.Cookie;

    # Events as they come, which are nothing to be kept.
    if (req.http.Accept ~ "text/event-stream") {
        return (pass);
    }
}

sub vcl_pipe {
    if (req.http.Upgrade) {
        set bereq.http.Upgrade = req.http.Upgrade;
        set bereq.http.Connection = req.http.Connection;
    }
}

sub vcl_deliver {
    # Names are between Courant and Varnish; a CDN in front that is told, too, wants them as they are.
    unset resp.http.Surrogate-Key;
    unset resp.http.Cache-Tag;
}
