using System.Globalization;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;

namespace DtMcp.Darktrace.Sending;

/// <summary>Failures without an answer, or in the middle of one, as <see cref="ApplianceException"/>.</summary>
internal sealed class TransportFailures(DarktraceOptions options, ServerTrust trust, ApplianceRequest asked, Attempts attempts)
{
    private string Host => options.Host.Authority;

    internal ApplianceException From(HttpRequestException error) => error.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => Unreachable("its name is unknown", "Check the host name and the name server.", error),
        HttpRequestError.SecureConnectionError when trust.Refusal is { } why => new ApplianceException(
            ApplianceError.UntrustedCertificate,
            $"The certificate of {Host} is not trusted: {why}.",
            "For a private CA set DARKTRACE_CA_FILE to its PEM file, or pin the certificate with DARKTRACE_CERT_SHA256.",
            error),
        HttpRequestError.SecureConnectionError => Unreachable("no TLS could be agreed", "Check that the port speaks https.", error),
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded => new ApplianceException(
            ApplianceError.NotDarktrace, $"What answers at {Host} does not speak HTTP as an appliance does.", "Check the host and port.",
            error),
        HttpRequestError.ProxyTunnelError => Unreachable("the proxy refused", "Check the proxy settings of this machine.", error),
        HttpRequestError.ConnectionError =>
            Unreachable("the connection was refused or lost", "Check the host, the port and the network between.", error),
        _ => Unreachable("the connection broke before an answer", "Ask again; if it happens again, check the network between.", error),
    };

    internal ApplianceException NotConnected(Exception error) =>
        Unreachable("no connection came about in time", "Check the host, the port and the firewalls between.", error);

    /// <summary>No whole answer in time; or, behind an attempt that was told so, an appliance that stayed busy.</summary>
    internal ApplianceException TimedOut(Exception error)
    {
        if (attempts.LastStatus is { } status && Retrying.IsBusy(status))
        {
            return ApplianceFailures.Busy(status, attempts);
        }

        return new ApplianceException(
            ApplianceError.Timeout,
            string.Create(CultureInfo.InvariantCulture,
                $"No whole answer to {asked.Endpoint} came within {options.Timeout.TotalSeconds:0.#} seconds."),
            "Ask for a smaller time window or add a filter, or raise DARKTRACE_TIMEOUT.",
            error)
        {
            RowsRead = (error as ApplianceException)?.RowsRead ?? 0,
        };
    }

    internal ApplianceException BrokenBody(Exception error) => new(
        ApplianceError.BadAnswer,
        $"The answer to {asked.Endpoint} broke off while it was read; nothing of it is used.",
        "Ask again; if it happens again, ask for a smaller time window.",
        error);

    private ApplianceException Unreachable(string why, string remedy, Exception error) => new(
        ApplianceError.Unreachable,
        attempts.Count > 1
            ? string.Create(CultureInfo.InvariantCulture,
                $"{Host} cannot be reached: {why}; retried {attempts.Count - 1} times over {attempts.Elapsed.TotalSeconds:0.#} seconds.")
            : $"{Host} cannot be reached: {why}.",
        remedy,
        error);
}
