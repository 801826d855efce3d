using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Querying;
using DtMcp.Darktrace.Reading;

namespace DtMcp.Traffic.Asking;

/// <summary>
/// Reads a long window in parts, a few at once, in order of time. Each part is tried up to three times on its own; one that times out or is too large to
/// keep whole is halved. Nothing of a part counts before the part is whole.
/// </summary>
internal sealed class SliceReader(DarktraceClient client, DeskOptions options)
{
    private const int Attempts = 3;

    /// <summary>How often in a row a part may be halved because it timed out: each costs a whole timeout.</summary>
    private const int TimeoutHalvings = 2;

    private long PartRows => Math.Max(1, options.MaxFlows / 2);

    /// <summary>Reads all parts into <paramref name="target"/>; false when the appliance does not answer in rows (nothing is read then).</summary>
    public async Task<bool> ReadAsync(
        IReadOnlyList<TimeWindow> parts, NetworkQuery filters, FlowSet target, ReadMeter meter, CancellationToken cancellationToken)
    {
        meter.Parts = parts.Count;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Queue<Task<IReadOnlyList<FlowSet>?>> underWay = [];
        try
        {
            var first = await ReadPartAsync(parts[0], filters, meter, 0, stop.Token).ConfigureAwait(false);
            if (first is null)
            {
                return false;
            }

            Absorb(target, first, meter);
            foreach (var part in parts.Skip(1))
            {
                while (underWay.Count >= options.SlicesAtOnce)
                {
                    Absorb(target, await underWay.Dequeue().ConfigureAwait(false) ?? [], meter);
                }

                underWay.Enqueue(ReadPartAsync(part, filters, meter, 0, stop.Token));
            }

            while (underWay.TryDequeue(out var last))
            {
                Absorb(target, await last.ConfigureAwait(false) ?? [], meter);
            }

            return true;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(underWay).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
    }

    private static void Absorb(FlowSet target, IReadOnlyList<FlowSet> part, ReadMeter meter)
    {
        foreach (var piece in part)
        {
            target.Absorb(piece);
        }

        meter.PartDone();
    }

    private async Task<IReadOnlyList<FlowSet>?> ReadPartAsync(
        TimeWindow part, NetworkQuery filters, ReadMeter meter, int timeouts, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var tooLarge = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var rows = new FlowSet(PartRows, new StopWhenTooLarge(tooLarge), options.MaxHosts);
            using var progress = meter.Attempt();
            try
            {
                var answer = await client.GetNetworkAsync(filters with { Window = part }, rows, progress, tooLarge.Token).ConfigureAwait(false);
                progress.Keep();
                if (rows.IsWhole)
                {
                    return answer.Kind is NetworkAnswerKind.Flows or NetworkAnswerKind.Empty ? [rows] : null;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Stopped by itself: more rows than one part may hold.
            }
            catch (ApplianceException error) when (error.Error == ApplianceError.Timeout && timeouts < TimeoutHalvings && Slicing.Halve(part) is not null)
            {
                timeouts++;
            }
            catch (ApplianceException error) when (IsWorthAnotherTry(error.Error) && attempt < Attempts)
            {
                continue;
            }

            if (Slicing.Halve(part) is not var (first, second))
            {
                throw new ApplianceException(
                    ApplianceError.BadAnswer,
                    $"One minute of traffic holds more than {PartRows} connections or {options.MaxHosts} endpoints.",
                    "Raise DTMCP_MAX_FLOWS or DTMCP_MAX_HOSTS, or ask with a filter (did, port, intext).");
            }

            var early = await ReadPartAsync(first, filters, meter, timeouts, cancellationToken).ConfigureAwait(false);
            var late = await ReadPartAsync(second, filters, meter, timeouts, cancellationToken).ConfigureAwait(false);
            return early is null || late is null ? null : [.. early, .. late];
        }
    }

    private static bool IsWorthAnotherTry(ApplianceError error) =>
        error is ApplianceError.BadAnswer or ApplianceError.ApplianceBusy or ApplianceError.Unreachable;

    // It holds nothing by endpoint: rows of a part are kept or not at all.
    private sealed class StopWhenTooLarge(CancellationTokenSource stop) : IFlowConsumer
    {
        public void Consume(FlowSet flows, FlowChunk chunk)
        {
            if (!flows.KeepsRows)
            {
                stop.Cancel();
            }
        }

        public void Weigh(EndpointWeights weights)
        {
        }

        public void Move(EndpointMoves moves)
        {
        }
    }
}
