//% param operation
// transfer {{ operation }}: no shader runs. What is timed, in the words of the web's API:
//% if operation == "upload"
//   queue.writeBuffer(buffer, 0, data); queue.submit([]); await queue.onSubmittedWorkDone();
//% else
//   encoder.copyBufferToBuffer(buffer, 0, staging, 0, size); queue.submit([encoder.finish()]);
//   await staging.mapAsync(GPUMapMode.READ); view = staging.getMappedRange();
//%   if operation == "download"
//   received = view.slice(); staging.unmap();
//%   else
//   staging.unmap();
//%   endif
//% endif
