using System.Globalization;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Companions;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Lookups;

/// <summary>
/// <c>check_appliance</c>: reachable, TLS, clock, signature, then each permission tried with its cheapest question, and which evidence to
/// expect.
/// </summary>
internal sealed class ApplianceCheck(
    DarktraceClient client, InvestigatorOptions options, TimeProvider time, ApplianceMemory memory, Anonymity anonymity)
{
    /// <summary>Whether <c>/network</c> answered: then DtMcp is usable.</summary>
    public async Task<(bool IsUsable, Findings Findings)> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var window = new TimeWindow(now - 60_000, now);
        List<IReadOnlyList<Cell>> rows = [];
        List<string> notes = [];
        ApplianceStatus? status = null;
        var kind = NetworkAnswerKind.Empty;
        var network = await TryAsync(rows, "network", "traffic at all", async () =>
        {
            var answer = await client.GetNetworkAsync(new NetworkQuery { Window = window },
                new FlowSet(options.MaxFlows, maxHosts: options.MaxHosts), null, cancellationToken).ConfigureAwait(false);
            kind = answer.Kind;
            return kind switch
            {
                NetworkAnswerKind.Flows => "answers in rows, one a connection",
                NetworkAnswerKind.Connectivity => "answers in the guide's tables",
                _ => "answers, but with nothing for the last minute",
            };
        }).ConfigureAwait(false);
        if (network is { } failure
            && failure.Error is not (ApplianceError.PermissionDenied or ApplianceError.NotAvailable or ApplianceError.RequestRejected
                or ApplianceError.BadAnswer))
        {
            // Address, TLS, clock or signature: every other endpoint would only say the same.
            return (false, Report(rows, notes, null, "none"));
        }

        if (kind == NetworkAnswerKind.Connectivity)
        {
            memory.NetworkDialect = NetworkDialect.Tables;
        }
        else if (kind == NetworkAnswerKind.Flows)
        {
            memory.NetworkDialect = NetworkDialect.Rows;
        }

        var records = await TryAsync(rows, "advancedsearch", "a row a connection on a real appliance", async () =>
        {
            var total = await client.CountConnectionsAsync(new ConnSearch { Window = window }, cancellationToken).ConfigureAwait(false);
            return string.Create(CultureInfo.InvariantCulture, $"{total} records in the last minute");
        }).ConfigureAwait(false);
        var search = await TryAsync(rows, "devicesearch", "host names in questions", async () =>
        {
            var found = await client.SearchDevicesAsync(new DeviceSearchQuery(), 1, cancellationToken).ConfigureAwait(false);
            return Count(found.Total, "devices");
        }).ConfigureAwait(false);

        // Both need Visualizer; without Unrestricted Devices one anonymises and the other refuses. Nothing in an anonymised answer itself
        // tells.
        var isAnonymised = network is null && search is { Error: ApplianceError.PermissionDenied };
        anonymity.Learn(isAnonymised);
        if (isAnonymised)
        {
            notes.Add(Caveats.Anonymised);
        }

        await TryAsync(rows, "devices", "who a device is", async () =>
        {
            await client.GetDevicesAsync(new DevicesQuery { Count = 1 }, cancellationToken).ConfigureAwait(false);
            return "answers";
        }).ConfigureAwait(false);
        await TryAsync(rows, "enums", "protocol names checked before asking", async () =>
        {
            var found = await client.GetEnumsAsync("Protocol", cancellationToken).ConfigureAwait(false);
            return Count(found.Sum(category => category.Values.Count), "protocols");
        }).ConfigureAwait(false);
        await TryAsync(rows, "subnets", "subnets by range", async () =>
        {
            var found = await client.GetSubnetsAsync(null, cancellationToken).ConfigureAwait(false);
            return Count(found.Count, "subnets");
        }).ConfigureAwait(false);
        await TryAsync(rows, "modelbreaches", "model breaches of a device", async () =>
        {
            var found = await client.GetModelBreachesAsync(window, null, cancellationToken).ConfigureAwait(false);
            return Count(found.Count, "in the last minute");
        }).ConfigureAwait(false);
        await TryAsync(rows, "status", "version and health", async () =>
        {
            status = await client.GetStatusAsync(cancellationToken).ConfigureAwait(false);
            return $"version {PlainText.Of(status.Version ?? "not told")}{Instances(status)}";
        }).ConfigureAwait(false);

        var evidence = kind == NetworkAnswerKind.Flows ? "flows"
            : records is null && options.Evidence != EvidencePolicy.Network ? "records"
            : network is null ? "connectivity" : "none";
        if (records is not null && evidence == "connectivity")
        {
            notes.Add(
                "Without Advanced Search answers stand on connectivity: no ports per peer, no packets, no hours. Give the token that " +
                "permission for full answers.");
        }

        return (network is null || records is null, Report(rows, notes, status?.Version, evidence));
    }

    private Findings Report(List<IReadOnlyList<Cell>> rows, List<string> notes, string? version, string evidence)
    {
        List<Field> totals = [new Field("evidence_to_expect", Cell.Of(evidence))];
        if (client.LastServerDate is { } theirs)
        {
            totals.Add(new Field("clock_difference_seconds", Cell.Of((long)Math.Round((theirs - time.GetUtcNow()).TotalSeconds))));
        }

        if (version is not null)
        {
            totals.Add(new Field("version", Cell.Of(PlainText.Of(version))));
        }

        return new Findings
        {
            Totals = totals,
            Tables = [new Table { Name = "checks", Of = rows.Count, Columns = ["check", "result", "needed_for", "detail"], Rows = rows }],
            Notes = notes,
        };
    }

    private static string Instances(ApplianceStatus status)
    {
        if (status.Instances.Count == 0)
        {
            return "";
        }

        var silent = status.Instances.Where(instance => !instance.DoesAnswer).ToList();
        return string.Create(CultureInfo.InvariantCulture, $", {status.Instances.Count} instances")
            + (silent.Count == 0
                ? ""
                : $"; no answer from {string.Join(", ", silent.Take(5).Select(instance => PlainText.Of(instance.Name)))}"
                    + $"{(silent.Count > 5 ? ", ..." : "")}");
    }

    private static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}");

    private static async Task<ApplianceException?> TryAsync(List<IReadOnlyList<Cell>> rows, string name, string neededFor,
        Func<Task<string>> probe)
    {
        try
        {
            var detail = await probe().ConfigureAwait(false);
            rows.Add([Cell.Of(name), Cell.Of("ok"), Cell.Of(neededFor), Cell.Sentence(detail)]);
            return null;
        }
        catch (ApplianceException error)
        {
            rows.Add([Cell.Of(name), Cell.Of(error.Code), Cell.Of(neededFor), Cell.Sentence($"{error.Happened} {error.Remedy}")]);
            return error;
        }
    }
}
