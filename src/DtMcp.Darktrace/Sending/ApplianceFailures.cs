using System.Globalization;
using System.Net;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;

namespace DtMcp.Darktrace.Sending;

/// <summary>
/// What the appliance's refusals mean (docs/APPLIANCE-API.md, Refusals), in our words; its own are quoted only where they are all that it
/// says, and made safe.
/// </summary>
internal static class ApplianceFailures
{
    /// <summary>Characters of the appliance's own words that are quoted.</summary>
    private const int MaxQuoted = 160;

    /// <summary>How far the clocks may be apart, by the vendor's guide.</summary>
    private static readonly TimeSpan ClockLimit = TimeSpan.FromMinutes(30);

    internal static ApplianceException SignatureRejected() => new(
        ApplianceError.SignatureRejected,
        "The appliance rejected the signature of the request.",
        "Check that both tokens are of the same pair and that the private token is whole, without a blank or line end.");

    internal static ApplianceException ClockSkew(DateTimeOffset ours, DateTimeOffset? theirs)
    {
        if (theirs is not { } server)
        {
            return Skew($"The appliance rejected the date of the request; this machine's clock says {Show(ours)} UTC.",
                "Set this machine's clock; it may be 30 minutes off at most.");
        }

        var apart = (ours - server).Duration();
        var clocks = string.Create(
            CultureInfo.InvariantCulture,
            $"The appliance rejected the date of the request: this machine's clock says {Show(ours)}, the appliance's {Show(server)} " +
            $"(UTC), {apart.TotalMinutes:0.#} minutes apart.");
        return apart > ClockLimit - TimeSpan.FromMinutes(1)
            ? Skew(clocks, "Set the clock that is wrong; the limit is 30 minutes.")
            : Skew(clocks, "That is within the limit of 30 minutes, so the form of the date may be refused: try another " +
                "DARKTRACE_DATE_FORMAT.");

        static ApplianceException Skew(string happened, string remedy) => new(ApplianceError.ClockSkew, happened, remedy);
    }

    internal static ApplianceException RequestRejected(ApplianceRequest asked, HttpStatusCode status)
    {
        var sent = asked.Described.Count == 0
            ? "no filters"
            : string.Join(", ", asked.Described.Select(static parameter => $"{parameter.Key}={Argument.Shown(parameter.Value)}"));
        return new ApplianceException(
            ApplianceError.RequestRejected,
            $"The appliance rejected the request to {asked.Endpoint} ({(int)status}); sent were {sent}.",
            "Leave out or correct one of these: this version may not know a name or a value, or may not take them together.");
    }

    /// <summary>
    /// A refusal with status 200 and nothing but its reason, which is quoted: it says more than we could, and is made safe to show.
    /// </summary>
    internal static ApplianceException RefusedInWords(ApplianceRequest asked, string error) => new(
        ApplianceError.RequestRejected,
        $"The appliance refused the request to {asked.Endpoint}; it says {Argument.Shown(error, MaxQuoted)}.",
        "Ask another window or fewer filters; this version may not know one of them.");

    /// <summary>The web server in front of the API refused a request before the API saw it: of old for a path that is too long.</summary>
    internal static ApplianceException RefusedByWebServer(ApplianceRequest asked, HttpStatusCode status) => new(
        ApplianceError.RequestRejected,
        string.Create(
            CultureInfo.InvariantCulture,
            $"The appliance's web server refused the request to {asked.Endpoint} ({(int)status}) with a page instead of JSON; its path " +
            $"had {asked.Path.Length} characters, which may be too many."),
        "Ask with fewer or shorter filters; a proxy in between may also refuse what it does not know.");

    internal static ApplianceException PermissionDenied(ApplianceRequest asked) => new(
        ApplianceError.PermissionDenied,
        $"The token pair has no permission for {asked.Endpoint}.",
        Permissions.For(asked.Endpoint) is { } needs
            ? $"Give the token's user {needs} on the appliance."
            : "Give the token's user the permission for it on the appliance.")
    {
        IsOfEndpoint = true,
    };

    internal static ApplianceException UnknownEndpoint(ApplianceRequest asked) => new(
        ApplianceError.NotAvailable,
        $"The appliance does not know {asked.Endpoint}.",
        "Its version may be older, or the part may not be licensed; ask another way.")
    {
        IsOfEndpoint = true,
    };

    internal static ApplianceException NotFound(ApplianceRequest asked) => new(
        ApplianceError.NotAvailable,
        $"The appliance has nothing at {asked.Endpoint} for what was asked (404).",
        "Check the id; or its version may not know this endpoint.");

    internal static ApplianceException NotDarktrace(DarktraceOptions options, string what) => new(
        ApplianceError.NotDarktrace,
        $"What answers at {options.Host.Authority} is no Darktrace appliance: it sent {what}.",
        "Check DARKTRACE_HOST; a proxy or a log-in portal may stand in between.");

    internal static ApplianceException Busy(HttpStatusCode status, Attempts attempts) => new(
        ApplianceError.ApplianceBusy,
        string.Create(
            CultureInfo.InvariantCulture,
            $"The appliance is busy or failed ({(int)status}); retried {Math.Max(0, attempts.Count - 1)} times over " +
            $"{attempts.Elapsed.TotalSeconds:0.#} seconds."),
        "Wait a little, or ask for a smaller time window.");

    private static string Show(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
