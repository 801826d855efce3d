using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic;

/// <summary>Filters that select rows cannot be kept where there are none, or where the rows do not say: then nothing is answered.</summary>
internal static class NeedsRows
{
    public static void Check(Ask ask, Gathered gathered)
    {
        if (!ask.Conditions.IsAny)
        {
            return;
        }

        var names = string.Join(", ", ask.Conditions.Arguments.Select(argument => argument.Name));
        if (gathered.Rows?.Flows is not { } flows)
        {
            throw new ApplianceException(
                ApplianceError.InvalidArgument,
                $"{names}: only connection records can be narrowed by it, and the appliance gave none.",
                "Leave it out, or give the token Advanced Search; check_appliance tells which evidence there is.");
        }

        if (flows.Count > 0 && ask.Conditions.State is not null && (flows.Seen & FlowFields.State) == 0)
        {
            throw new ApplianceException(
                ApplianceError.InvalidArgument, "state: these rows do not say which connections failed.", "Leave state out.");
        }
    }
}
