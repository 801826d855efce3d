using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>The shape of the vendor's guide.</summary>
internal sealed class GuideAnswer(RecordSet records, NetworkQuery query)
{
    public async Task WriteAsync(AnswerWriter answer, CancellationToken cancellationToken)
    {
        _ = (records, query);
        answer.Json.WriteStartObject();
        answer.Json.WriteEndObject();
        await answer.DrainAsync(cancellationToken).ConfigureAwait(false);
    }
}
