using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Lookups;

/// <summary>The model breaches of a device in the window, beside its traffic.</summary>
internal sealed class BreachTable(DarktraceClient client, ApplianceMemory memory)
{
    private const string Endpoint = "/modelbreaches";

    public async Task<(Table? Table, string? Note)> ReadAsync(Ask ask, int limit, CancellationToken cancellationToken)
    {
        if ((ask.Focus?.Did ?? ask.Filters.Did) is not { } did)
        {
            return (null, null);
        }

        if (!memory.MayTry(Endpoint))
        {
            return (null, memory.WhyRefused(Endpoint));
        }

        try
        {
            var found = await client.GetModelBreachesAsync(ask.Window, did, cancellationToken).ConfigureAwait(false);
            var rows = found.OrderByDescending(breach => breach.Score ?? 0).ThenBy(breach => breach.Pbid).ToList();
            return (new Table
            {
                Name = "model_breaches",
                SortedBy = "percentscore",
                IsVerdict = true,
                Of = rows.Count,
                Columns = ["time", "model", "percentscore", "acknowledged", "pbid"],
                Rows = [.. rows.Take(limit).Select(breach => new[]
                {
                    Cell.Second(breach.TimeMs),
                    Cell.Of(breach.Model),
                    breach.PercentScore is { } percent ? Cell.Of((long)Math.Round(percent)) : Cell.Absent,
                    Cell.Of(breach.IsAcknowledged == true ? "yes" : "no"),
                    Cell.Of(breach.Pbid),
                })],
            }, null);
        }
        catch (ApplianceException error)
        {
            var why = $"No model breaches: {error.Happened} {error.Remedy}";
            memory.Remember(Endpoint, error, why);
            return (null, why);
        }
    }
}
